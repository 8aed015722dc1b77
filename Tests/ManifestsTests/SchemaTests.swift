import Canonical
import Foundation
import ManifestToys
import Manifests
import Testing

/// The JSON Schema accepts what the program accepts, and rejects what it can express.
struct SchemaTests {
  /// Malformed manifests whose fault a schema cannot know: conditions on several values at once,
  /// files, ranges inside of strings. The rest of the cases must be rejected by the schema too.
  private static let beyond: Set<String> = [
    "claim-at-late", "claim-at-late-swept", "claim-at-unrecorded", "claim-between-order",
    "claim-impossible", "claim-min-count",
    "claim-slope-final", "claim-twice", "claim-where", "claim-where-no-cell",
    "claim-window-backwards",
    "exclude-everything", "exclude-no-cell", "exclude-not-swept", "exclude-nothing-swept",
    "exclude-value-never", "figure-averages", "figure-band-of-points",
    "figure-band-of-statistic", "figure-by-not-swept", "figure-by-x", "figure-colour-of-line",
    "figure-log-of-zero", "figure-name-twice", "figure-panels", "figure-statistic-of-points",
    "figure-strangers",
    "figure-where-nowhere", "figure-x-not-swept", "figure-y-is-a-path", "file-missing", "file-nul",
    "file-outside", "file-outside-hidden", "heatmap-averages", "heatmap-of-metrics",
    "heatmap-of-one-axis", "heatmap-with-band", "heatmap-without-colour", "rule-default",
    "rule-plain", "rule-swept", "rule-zipped",
    "seeds-backwards", "seeds-everything", "seeds-range-too-large", "seeds-too-many",
    "seeds-too-many-in-all", "seeds-twice", "sweep-and-zip", "sweep-too-many-cells",
    "sweep-hides-nothing", "sweep-value-twice", "zip-hides-nothing", "zip-twice", "zip-unequal",
  ]

  /// Python's package `jsonschema` is the independent judge; without it there is none.
  private static let hasJudge = (try? run(["-c", "import jsonschema"]).0) == 0

  @Test(.enabled(if: hasJudge)) func agreesWithTheProgram() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["accepted", "rejected"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    let schema = folder.appending(path: "schema.json")
    try Data(Toy.schema.json.json(pretty: true).utf8).write(to: schema)
    for name in MalformedTests.names {
      let bytes = try Data(contentsOf: MalformedTests.folder.appending(path: name + ".yaml"))
      guard !bytes.starts(with: Data("# set: ".utf8)), !SchemaTests.beyond.contains(name),
        let raw = try? Manifest.raw(Array(bytes), file: name)
      else { continue }
      let file = folder.appending(path: "rejected/\(name).json")
      try Data(raw.json().utf8).write(to: file)
    }
    for name in GoodTests.names {
      let raw = try Manifest.raw(path: GoodTests.folder.appending(path: name).path)
      try Data(raw.json().utf8).write(to: folder.appending(path: "accepted/\(name).json"))
    }
    let script = MalformedTests.folder.deletingLastPathComponent()
      .appending(path: "check_schema.py")
    let (status, output) = try SchemaTests.run([script.path, schema.path, folder.path])
    #expect(status == 0, Comment(rawValue: output))
  }

  private static func run(_ arguments: [String]) throws -> (Int32, String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test func namesEveryFieldOnce() throws {
    let definitions = try #require(Toy.schema.json["$defs"]?.map)
    #expect(definitions.count == Toy.box.fields.count + Toy.line.fields.count)
    let size = try #require(definitions["box:data.depth"])
    #expect(size["default"] == 8)
    #expect(size["description"] == "How deep it is.")
    #expect(size["maximum"] == 100)
  }
}
