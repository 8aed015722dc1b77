extension Tensors.Tensor {
  /// The array in NumPy's `.npy` format, version 1: little-endian, C order.
  package var npy: [UInt8] {
    let shape = shape.map { "\($0), " }.joined()
    let type =
      switch elements {
      case .numbers: "<f8"
      case .integers: "<i8"
      }
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }"
    // The data start at a multiple of 64 bytes.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { bytes += $0 }
    bytes += Array(header.utf8)
    write(to: &bytes)
    return bytes
  }
}
