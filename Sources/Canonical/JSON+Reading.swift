import FoundationEssentials

extension Value {
  /// Reads a JSON document; nil where the bytes are none.
  package init?(json bytes: some Sequence<UInt8>) {
    guard let value = try? JSONDecoder().decode(Value.self, from: Data(bytes)) else { return nil }
    self = value
  }
}

extension Value: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([Value].self) {
      self = .list(value)
    } else {
      self = .map(try container.decode([String: Value].self))
    }
  }
}
