/// Named arrays as canonical safetensors: little-endian, names sorted, no padding but the header's.
///
/// The format is Hugging Face's: an 8-byte header length, a JSON header, then the data; NumPy and
/// PyTorch read it. One set of arrays has one sequence of bytes.
package struct Tensors: Hashable, Sendable {
  package enum Elements: Hashable, Sendable {
    /// Stored as `F64`; every NaN is the canonical one.
    case numbers([Double])
    /// Stored as `I64`.
    case integers([Int])
  }

  package struct Tensor: Hashable, Sendable {
    package let shape: [Int]
    package let elements: Elements
  }

  package private(set) var entries: [String: Tensor] = [:]
  /// Strings that go into the header.
  package var metadata: [String: String] = [:]

  package init() {}

  package mutating func set(_ name: String, _ numbers: [Double], shape: [Int]? = nil) {
    set(name, .numbers(numbers), count: numbers.count, shape: shape)
  }

  package mutating func set(_ name: String, _ integers: [Int], shape: [Int]? = nil) {
    set(name, .integers(integers), count: integers.count, shape: shape)
  }

  private mutating func set(_ name: String, _ elements: Elements, count: Int, shape: [Int]?) {
    let shape = shape ?? [count]
    precondition(shape.reduce(1, *) == count, "the shape of \(name)")
    entries[name] = Tensor(shape: shape, elements: elements)
  }

  /// The names in the order of their bytes.
  package var names: [String] {
    entries.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The numbers stored as `name`, and their shape.
  package func numbers(_ name: String) throws(FormatError) -> (values: [Double], shape: [Int]) {
    guard let tensor = entries[name], case .numbers(let values) = tensor.elements else {
      throw FormatError("no array of numbers named '\(name)'")
    }
    return (values, tensor.shape)
  }

  /// The integers stored as `name`, and their shape.
  package func integers(_ name: String) throws(FormatError) -> (values: [Int], shape: [Int]) {
    guard let tensor = entries[name], case .integers(let values) = tensor.elements else {
      throw FormatError("no array of integers named '\(name)'")
    }
    return (values, tensor.shape)
  }
}

/// A document that is not what its format asks for.
package struct FormatError: Error, Hashable, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

extension Tensors {
  /// The file's bytes.
  package var bytes: [UInt8] {
    var header: [String: Value] = [:]
    var offset = 0
    for name in names {
      let tensor = entries[name]!
      let size = tensor.shape.reduce(8, *)
      header[name] = [
        "dtype": .string(tensor.dtype), "shape": .list(tensor.shape.map(Value.integer)),
        "data_offsets": [.integer(offset), .integer(offset + size)],
      ]
      offset += size
    }
    if !metadata.isEmpty { header["__metadata__"] = .map(metadata.mapValues(Value.string)) }
    var text = Array(Value.map(header).json().utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + offset)
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes += $0 }
    bytes += text
    for name in names { entries[name]!.write(to: &bytes) }
    return bytes
  }

  /// Reads a safetensors file whose arrays are of `F64` or `I64`.
  package init(bytes: [UInt8]) throws(FormatError) {
    guard bytes.count >= 8 else { throw FormatError("a safetensors file starts with its length") }
    let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.load(as: UInt64.self)) }
    guard length <= UInt64(bytes.count - 8) else {
      throw FormatError("the safetensors header ends after the file")
    }
    let start = 8 + Int(length)
    guard let header = Value(json: bytes[8..<start])?.map else {
      throw FormatError("the safetensors header is no JSON object")
    }
    for (name, entry) in header {
      if name == "__metadata__" {
        metadata = entry.map?.compactMapValues(\.string) ?? [:]
      } else {
        entries[name] = try Tensor(entry, data: bytes[start...], name: name)
      }
    }
  }
}

extension Tensors.Tensor {
  fileprivate var dtype: String {
    switch elements {
    case .numbers: "F64"
    case .integers: "I64"
    }
  }

  fileprivate func write(to bytes: inout [UInt8]) {
    switch elements {
    case .numbers(let values):
      for value in values {
        let bits = value.isNaN ? 0x7ff8_0000_0000_0000 : value.bitPattern
        withUnsafeBytes(of: bits.littleEndian) { bytes += $0 }
      }
    case .integers(let values):
      for value in values { withUnsafeBytes(of: Int64(value).littleEndian) { bytes += $0 } }
    }
  }

  fileprivate init(_ entry: Value, data: ArraySlice<UInt8>, name: String) throws(FormatError) {
    let offsets = entry["data_offsets"]?.list?.compactMap(\.integer) ?? []
    let shape = entry["shape"]?.list?.compactMap(\.integer) ?? []
    guard offsets.count == 2, let dtype = entry["dtype"]?.string,
      0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= data.count,
      shape.allSatisfy({ $0 >= 0 }), shape.reduce(8, *) == offsets[1] - offsets[0]
    else { throw FormatError("array '\(name)' does not fit the file") }
    let words = data[(data.startIndex + offsets[0])..<(data.startIndex + offsets[1])]
      .withUnsafeBytes { raw in
        (0..<raw.count / 8).map {
          UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
        }
      }
    self.shape = shape
    switch dtype {
    case "F64": elements = .numbers(words.map { Double(bitPattern: $0) })
    case "I64": elements = .integers(words.map { Int(Int64(bitPattern: $0)) })
    default: throw FormatError("array '\(name)' is of \(dtype); only F64 and I64 are read")
    }
  }
}
