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
    var text = Value.map(header).jsonBytes()
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
    var ranges: [Range<Int>] = []
    for (name, entry) in header {
      if name == "__metadata__" {
        metadata = entry.map?.compactMapValues(\.string) ?? [:]
      } else {
        guard Tensors.isFileName(name) else {
          throw FormatError("an array's name '\(name)' cannot be that of a file")
        }
        let range = try Tensors.range(of: entry, within: bytes.count - start, name)
        ranges.append(range)
        entries[name] = try Tensor(
          entry, data: bytes[start + range.lowerBound..<start + range.upperBound], name: name)
      }
    }
    ranges.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    let ends = [0] + ranges.map(\.upperBound)
    guard ranges.map(\.lowerBound) + [bytes.count - start] == ends else {
      throw FormatError("the safetensors arrays do not cover the file without gaps")
    }
  }

  /// Arrays are written to files of their names: one must not lead out of its folder.
  private static func isFileName(_ name: String) -> Bool {
    !["", ".", ".."].contains(name) && !name.utf8.contains { $0 == 0 || $0 == 0x2f }
  }

  /// Where the data of an array lies, from the end of the header.
  private static func range(
    of entry: Value, within size: Int, _ name: String
  ) throws(FormatError) -> Range<Int> {
    guard let offsets = entry["data_offsets"]?.list, offsets.count == 2,
      let start = offsets[0].integer, let end = offsets[1].integer,
      0 <= start, start <= end, end <= size
    else { throw FormatError("array '\(name)' does not fit the file") }
    return start..<end
  }
}

extension Tensors.Tensor {
  fileprivate var dtype: String {
    switch elements {
    case .numbers: "F64"
    case .integers: "I64"
    }
  }

  func write(to bytes: inout [UInt8]) {
    let words =
      switch elements {
      case .numbers(let values):
        values.map { ($0.isNaN ? 0x7ff8_0000_0000_0000 : $0.bitPattern).littleEndian }
      case .integers(let values):
        values.map { UInt64(bitPattern: Int64($0)).littleEndian }
      }
    words.withUnsafeBytes { bytes += $0 }
  }

  fileprivate init(_ entry: Value, data: ArraySlice<UInt8>, name: String) throws(FormatError) {
    guard let dtype = entry["dtype"]?.string, let dimensions = entry["shape"]?.list else {
      throw FormatError("array '\(name)' has no type or no shape")
    }
    guard ["F64", "I64"].contains(dtype) else {
      throw FormatError("array '\(name)' is of \(dtype); only F64 and I64 are read")
    }
    shape = dimensions.compactMap(\.integer)
    guard shape.count == dimensions.count, shape.elementCount.map({ $0 * 8 }) == data.count else {
      throw FormatError("array '\(name)' does not fit its data")
    }
    let words = data.withUnsafeBytes { raw in
      (0..<raw.count / 8).map {
        UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
      }
    }
    elements =
      dtype == "F64"
      ? .numbers(words.map { Double(bitPattern: $0) })
      : .integers(words.map { Int(Int64(bitPattern: $0)) })
  }
}
