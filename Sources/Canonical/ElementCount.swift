extension [Int] {
  /// The number of elements of an array of this shape; nil where a file's shape is none, or is
  /// larger than any memory.
  var elementCount: Int? {
    var count = 1
    for dimension in self {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { return nil }
      count = product
    }
    return count <= Int.max / 8 ? count : nil
  }
}
