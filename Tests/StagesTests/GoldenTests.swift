import Glibc
import Pipeline
import TestSupport
import Testing

@testable import Stages

/// The bytes that a stage puts out change only when its version does.
@Suite(.serialized)
struct GoldenTests {
  @Test func outputsChangeOnlyWithVersions() async throws {
    let (now, inputs) = try await Golden.now()
    let recorded = Golden(try Folder.text(Golden.file))
    for (variant, kind) in now.changed(since: recorded, inputs) {
      Issue.record(
        """
        \(variant) puts out other bytes, though the version of '\(kind)' is the same. If that is \
        meant, raise the version in the declaration of '\(kind)' (or `numerics` in Catalog.swift, \
        if kernels or generators changed), say so in CHANGELOG.md, and write golden.txt anew with \
        MECHANICS_UPDATE_GOLDEN=1.
        """)
    }
    if getenv("MECHANICS_UPDATE_GOLDEN") != nil {
      try Folder.write(Golden.file, Array(now.text.utf8))
    }
    #expect(
      now.text == (try Folder.text(Golden.file)),
      "golden.txt is out of date: MECHANICS_UPDATE_GOLDEN=1 writes it anew")
  }

  @Test func everyKindHasVariants() throws {
    let recorded = Golden(try Folder.text(Golden.file))
    let kinds = Set(recorded.entries.values.map(\.kind))
    #expect(kinds == Set(Catalog.mechanics.kinds.map(\.name)))
  }

  @Test func whoIsToBlameIsTheFirstStageThatChanged() {
    let before = Golden("# numerics 1\na 1 00 x/a\nb 1 00 x/b\nc 2 00 x/c\n")
    let inputs: [String: Set<String>] = ["x/a": [], "x/b": ["x/a"], "x/c": []]
    func blamed(_ text: String) -> [String] {
      Golden(text).changed(since: before, inputs).map(\.variant)
    }
    #expect(blamed("# numerics 1\na 1 11 x/a\nb 1 11 x/b\nc 2 00 x/c\n") == ["x/a"])
    #expect(blamed("# numerics 1\na 2 11 x/a\nb 1 11 x/b\nc 2 00 x/c\n") == [])
    #expect(blamed("# numerics 1\na 1 00 x/a\nb 1 11 x/b\nc 3 11 x/c\n") == ["x/b"])
    #expect(blamed("# numerics 2\na 1 11 x/a\nb 1 11 x/b\nc 2 11 x/c\n") == [])
  }

  @Test func theTextReadsBack() throws {
    let text = try Folder.text(Golden.file)
    #expect(Golden(text).text == text)
  }
}
