import Canonical

extension Seeds {
  /// The seeds of a manifest that gives none.
  static let fallback = Seeds(1...100)

  /// What `seeds:` may be.
  static var shape: Shape {
    let part: [Shape] = [.integer(0...Int.max), .string(range)]
    return .either(part + [.list(.either(part))])
  }

  private static let range = Pattern(
    noun: "a range of seeds such as 1..100", regex: #"^[0-9]{1,19}\.\.[0-9]{1,19}$"#,
    matches: { bounds($0) != nil })

  /// The two numbers of `1..100`; nil for anything else.
  private static func bounds(_ text: String) -> (Int, Int)? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty, let lower = number(parts[0]),
      let upper = number(parts[2])
    else { return nil }
    return (lower, upper)
  }

  /// Reads ``value`` back, as a stage's parameters hold it; nil where it is no seeds.
  package init?(_ value: Value) {
    var ranges: [ClosedRange<Int>] = []
    for part in value.list ?? [value] {
      if let seed = part.integer {
        ranges.append(seed...seed)
      } else if let (lower, upper) = part.string.flatMap(Seeds.bounds), lower <= upper {
        ranges.append(lower...upper)
      } else {
        return nil
      }
    }
    self.init(ranges)
  }

  private static func number(_ digits: Substring) -> Int? {
    guard 1...19 ~= digits.utf8.count else { return nil }
    guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      return nil
    }
    return Int(digits)
  }

  /// The seeds that `node` gives; nil if something was wrong and is reported.
  static func read(_ node: Node, _ checker: inout Checker) -> Seeds? {
    guard let value = checker.check(node, shape, "seeds") else { return nil }
    var ranges: [ClosedRange<Int>] = []
    var count = 0
    let nodes = node.elements ?? [node]
    for (part, node) in zip(value.list ?? [value], nodes) {
      guard let range = range(part, node, &checker) else { return nil }
      let size = range.upperBound - range.lowerBound
      guard size < limit, count + size < limit else {
        checker.report(node.place, "more than \(limit) seeds")
        return nil
      }
      count += size + 1
      ranges.append(range)
    }
    if let (seed, index) = twice(ranges) {
      checker.report(nodes[index].place, "seed \(seed) is given twice")
      return nil
    }
    return Seeds(ranges)
  }

  /// A seed that two ranges have, and which of the two was written later.
  private static func twice(_ ranges: [ClosedRange<Int>]) -> (seed: Int, index: Int)? {
    let order = ranges.indices.sorted {
      (ranges[$0].lowerBound, $0) < (ranges[$1].lowerBound, $1)
    }
    for (left, right) in zip(order, order.dropFirst()) where ranges[left].overlaps(ranges[right]) {
      return (ranges[right].lowerBound, Swift.max(left, right))
    }
    return nil
  }

  private static func range(
    _ part: Value, _ node: Node, _ checker: inout Checker
  ) -> ClosedRange<Int>? {
    if let seed = part.integer { return seed...seed }
    guard let (lower, upper) = part.string.flatMap(bounds) else { return nil }
    guard lower <= upper else {
      checker.report(node.place, "the range \(lower)..\(upper) ends before it starts")
      return nil
    }
    return lower...upper
  }
}
