import Canonical
import Foundation

@testable import Storage

/// A folder for a store that is gone after the test.
final class StoreFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var store: Store {
    get throws { try Store(at: path) }
  }

  func file(_ suffix: String, segment: Int = 1) -> String {
    Segment.path("\(path)/segments", segment, suffix)
  }

  func bytes(_ suffix: String, segment: Int = 1) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: file(suffix, segment: segment))))
  }

  func write(_ bytes: some Sequence<UInt8>, _ suffix: String, segment: Int = 1) throws {
    try Data(bytes).write(to: URL(filePath: file(suffix, segment: segment)))
  }

  /// Another folder with the same files.
  func copy() throws -> StoreFolder {
    let other = try StoreFolder()
    try FileManager.default.removeItem(atPath: other.path)
    try FileManager.default.copyItem(atPath: path, toPath: other.path)
    return other
  }

  var segmentCount: Int {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: "\(path)/segments")
        .count { $0.hasSuffix(".log") }
    }
  }
}
