/// Random orders and selections, uniform over all of them.
extension Stream {
  /// `count` different numbers of 0…population − 1, in random order: a partial Fisher–Yates shuffle.
  package mutating func choice(_ count: Int, of population: Int) -> [Int] {
    precondition(0...population ~= count, "no more numbers than there are")
    var numbers = Array(0..<population)
    for position in 0..<count {
      numbers.swapAt(position, position + integer(below: population - position))
    }
    return Array(numbers.prefix(count))
  }

  /// 0…count − 1 in random order.
  package mutating func permutation(_ count: Int) -> [Int] {
    choice(count, of: count)
  }

  /// Puts the elements in random order: the Fisher–Yates shuffle, from the front.
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for position in elements.indices.dropLast() {
      elements.swapAt(position, position + integer(below: elements.count - position))
    }
  }
}
