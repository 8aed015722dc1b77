/// A matrix read from NumPy's `.npy` format (version 1 to 3, `<f8`, C order).
package struct NumPyArray: Hashable, Sendable {
  package let shape: [Int]
  package let values: [Double]

  package init(bytes: [UInt8]) throws(FormatError) {
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12,
      1...3 ~= bytes[6]
    else { throw FormatError("not an .npy file of version 1 to 3") }
    let isLong = bytes[6] > 1
    let length =
      (isLong ? 8..<12 : 8..<10).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    let start = (isLong ? 12 : 10) + length
    guard start <= bytes.count else { throw FormatError("the .npy header ends after the file") }
    let header = String(decoding: bytes[(isLong ? 12 : 10)..<start], as: UTF8.self)
    guard header.contains("'descr': '<f8'"), header.contains("'fortran_order': False") else {
      throw FormatError("an .npy file must hold little-endian doubles ('<f8') in C order")
    }
    let shape = NumPyArray.shape(header)
    guard let shape, shape.elementCount.map({ $0 * 8 }) == bytes.count - start else {
      throw FormatError("the .npy file's shape does not fit its size")
    }
    self.shape = shape
    values = bytes[start...].withUnsafeBytes { raw in
      (0..<raw.count / 8).map {
        Double(
          bitPattern: UInt64(
            littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
      }
    }
  }

  /// The dimensions between the header's parentheses, each followed by a comma but the last.
  private static func shape(_ header: String) -> [Int]? {
    guard let open = header.firstIndex(of: "("),
      let close = header[open...].firstIndex(of: ")")
    else { return nil }
    let parts = header[header.index(after: open)..<close].split(separator: ",")
    let shape = parts.compactMap { Int($0.filter { $0 != " " }) }
    return shape.count == parts.count ? shape : nil
  }
}
