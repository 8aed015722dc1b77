/// Places in tables that hot loops read without bounds checks; the companion of `Block`.
final class Indices {
  let count: Int
  let pointer: UnsafeMutablePointer<Int32>

  init(_ values: [Int]) {
    count = values.count
    pointer = .allocate(capacity: max(count, 1))
    for (index, value) in values.enumerated() { (pointer + index).initialize(to: Int32(value)) }
  }

  deinit { pointer.deallocate() }

  @inline(__always)
  subscript(index: Int) -> Int { Int(pointer[index]) }
}
