import Canonical
import Manifests
import Pipeline
import TestSupport
import Testing

@testable import Stages

/// Texts are read by the models that need them, and refused with a reason.
struct TextTests {
  private func manifest(_ text: [UInt8], _ folder: Folder, _ rest: String) throws -> Manifest {
    try Folder.write("\(folder.path)/text.txt", text)
    try Folder.write(
      "\(folder.path)/a.yaml", Array("experiment: a\ntitle: A\nseeds: 1\n\(rest)\n".utf8))
    return try Manifest.read(path: "\(folder.path)/a.yaml", schema: Catalog.mechanics.schema)
  }

  private static let corpus =
    "model: corpus\ndata: {text: text.txt, context: 2, vocabulary: 10}"
  private static let transformer = """
    model: transformer
    data: {text: text.txt, vocabulary: 10, length: 4, validation: 0.5}
    train: {batch: 2, dimension: 3, feed-forward: 3, iterations: 2, maps: [0]}
    """

  /// What a run of the manifest fails with; nil if it does not.
  private func failure(_ text: [UInt8], _ rest: String) async throws -> String? {
    let folder = try Folder()
    do {
      _ = try await Workshop([try manifest(text, folder, rest)])
      return nil
    } catch let failure as Failure {
      return "\(failure)"
    }
  }

  @Test(arguments: [corpus, transformer])
  func textsThatAreNoneAreRefused(rest: String) async throws {
    let illFormed = try #require(try await failure(Array("a b\nc ".utf8) + [0xFF], rest))
    #expect(illFormed.contains("the text is not UTF-8 at byte 6, in line 2"))
    let empty = try #require(try await failure([], rest))
    #expect(empty.contains("the text has no word"))
    let one = try #require(try await failure(Array("alone\n".utf8), rest))
    #expect(one.contains("the text has 1 word; the prediction of the next needs two"))
  }

  @Test func aTextWithoutABatchIsRefused() async throws {
    let text = Array("a b c d e f g h i j k".utf8)
    let found = try #require(try await failure(text, Self.transformer))
    #expect(found.contains("the validation part of the text has 6 tokens"))
    #expect(found.contains("of 4 and their labels needs 10"))
  }

  @Test func aTextOfTwoWordsHasGraphs() async throws {
    let folder = try Folder()
    let workshop = try await Workshop([
      try manifest(Array("two words\n".utf8), folder, Self.corpus)
    ])
    let series = try RunSeries(bytes: workshop.output("analysis", RunSeries.fileName))
    #expect(series.final("tokens") == 3)
    // The one sequence is two words, its label <eos>.
    #expect(series.final("graphs") == 1)
    #expect(series.final("edges") == 2)
    #expect(series.final("depth") == 2)
    #expect(series.final("cyclic-graphs") == 0)
  }

  /// The text is part of the key by its content, and its path is not.
  @Test func aChangedTextIsAnotherStage() async throws {
    let folder = try Folder()
    func key(_ text: String) async throws -> Digest? {
      let workshop = try await Workshop([
        try manifest(Array(text.utf8), folder, Self.corpus)
      ])
      let kind = workshop.plan.catalog.kinds.firstIndex { $0.name == "vocabulary" }!
      return workshop.outcome.keys[Int(workshop.plan.experiments[0].stages[kind][0])]
    }
    let first = try await key("a b c")
    #expect(try await key("a b d") != first)
    #expect(try await key("a b c") == first)
  }

  @Test func runsThatKeepTheTextsOrderAreOneStage() async throws {
    let folder = try Folder()
    let rest = Self.corpus + "\nsweep: {data.order: [text, shuffled]}"
    var manifest = try manifest(Array("a b c d a c b\nd c\n".utf8), folder, rest)
    manifest = try Manifest.read(
      path: "\(folder.path)/a.yaml", schema: Catalog.mechanics.schema, overrides: ["seeds=1..4"])
    let workshop = try await Workshop([manifest])
    let kind = workshop.plan.catalog.kinds.firstIndex {
      $0.name == "tpg" && $0.models == ["corpus"]
    }!
    let contents = workshop.plan.experiments[0].stages[kind].map {
      workshop.outcome.keys[Int($0)]!
    }
    #expect(Set(contents.prefix(4)).count == 1)
    #expect(Set(contents.suffix(4)).count == 4)
  }
}
