import Foundation
import ManifestToys
import Manifests
import Testing

/// Every file of the folder Malformed has the errors that stand beside it, at the same places.
///
/// With `RECORD_MALFORMED=1` in the environment the errors are written anew, to be read in the diff.
struct MalformedTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Malformed")

  static let names: [String] =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted() ?? []

  @Test func thereAreManyCases() {
    #expect(MalformedTests.names.count >= 70)
  }

  @Test(arguments: names)
  func hasTheErrorsBesideIt(_ name: String) throws {
    let bytes = try Data(contentsOf: MalformedTests.folder.appending(path: name + ".yaml"))
    let found = Toy.faults(Array(bytes), overrides: MalformedTests.overrides(bytes)) + "\n"
    let beside = MalformedTests.folder.appending(path: name + ".txt")
    if ProcessInfo.processInfo.environment["RECORD_MALFORMED"] != nil {
      try Data(found.utf8).write(to: beside)
    }
    let expected = try String(decoding: Data(contentsOf: beside), as: UTF8.self)
    #expect(found == expected)
  }

  /// The lines `# set: path=value` at the start of a file.
  private static func overrides(_ bytes: Data) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .prefix { $0.hasPrefix("# set: ") }.map { String($0.dropFirst(7)) }
  }
}
