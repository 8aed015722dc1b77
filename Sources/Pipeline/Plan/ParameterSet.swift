import Canonical
import Manifests

/// The parameters of a stage as they enter its key, encoded in one way.
///
/// A stage reads its parameters back from these bytes, so it cannot see what its key does not hold.
package struct ParameterSet: Sendable {
  package let bytes: [UInt8]
  package let digest: Digest

  /// - Parameter entries: Paths and values, sorted by path.
  init(_ entries: [(path: String, value: Value)]) {
    var encoding = Encoding()
    encoding.openList(entries.count)
    for (path, value) in entries {
      encoding.append(path)
      encoding.append(value)
    }
    bytes = encoding.bytes
    digest = Digest(of: encoding.bytes)
  }

  /// Reads back what ``value`` gave; nil where it is something else.
  init?(value: Value) {
    guard let list = value.list else { return nil }
    var entries: [(path: String, value: Value)] = []
    for entry in list {
      guard let path = entry["path"]?.string, let value = entry["value"] else { return nil }
      entries.append((path, value))
    }
    self.init(entries)
  }

  /// The set as a part of a message to another process.
  var value: Value {
    .list(ParameterSet.entries(bytes)!.map { ["path": .string($0.path), "value": $0.value] })
  }

  package var parameters: Parameters { Parameters(ParameterSet.entries(bytes)!) }

  /// The paths and values that an encoding holds; nil where it is none.
  package static func entries(_ bytes: [UInt8]) -> [(path: String, value: Value)]? {
    var decoding = Decoding(bytes[...])
    guard let count = decoding.list() else { return nil }
    var entries: [(path: String, value: Value)] = []
    for _ in 0..<count {
      guard let path = decoding.string(), let value = decoding.value() else { return nil }
      entries.append((path, value))
    }
    return decoding.isAtEnd ? entries : nil
  }
}
