import Canonical
import Foundation
import Manifests
import Storage
import Testing

@testable import Pipeline

/// A file that a parameter names is in the key by its content, never by its path.
@Suite struct FileParameterTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private static let schema = ManifestSchema([
    ModelFamily(
      name: "toy", doc: "A toy.",
      fields: [
        Field(
          "data.table", .choice([.init("none"), .init("given", .file(["txt"]))]), default: "none",
          "A table.")
      ], metrics: [Metric("loss", "A loss.")])
  ])

  private static let catalog = Catalog(
    kinds: [
      StageKind("table", version: 1, scope: .run, reads: ["data.table"], outputs: ["out"]) {
        [try $0.file($0.parameters["data.table"]["given"]!.string!)]
      }
    ], schema: schema, numerics: 1)

  private func plan(_ name: String, _ content: String) throws -> Plan {
    try Data(content.utf8).write(to: URL(filePath: "\(workshop.path)/\(name)"))
    let text = "experiment: toy\ntitle: Toy\ndata: {table: {given: \(name)}}\nseeds: 1\n"
    let manifest = try Manifest.read(
      Array(text.utf8), file: "\(workshop.path)/toy.yaml", schema: FileParameterTests.schema,
      isFile: { _ in true })
    return try Planner.plan([manifest], FileParameterTests.catalog)
  }

  @Test func theStageReadsTheFile() async throws {
    let run = try await workshop.run(try plan("a.txt", "content"))
    #expect(try run.outputs() == ["content"])
  }

  @Test func theSameContentElsewhereIsTheSameStage() async throws {
    try await workshop.run(try plan("a.txt", "content"))
    let run = try await workshop.run(try plan("b.txt", "content"))
    #expect(run.outcome.found == 1)
  }

  @Test func otherContentIsAnotherStage() async throws {
    try await workshop.run(try plan("a.txt", "content"))
    let run = try await workshop.run(try plan("a.txt", "other"))
    #expect(run.outcome.executed == 1)
    #expect(try run.outputs() == ["other"])
  }

  @Test func aFileThatChangesAfterPlanningFailsItsStage() async throws {
    let old = try plan("a.txt", "content")
    _ = try plan("a.txt", "changed")
    let run = try await workshop.run(old)
    #expect(
      run.outcome.failures.map(\.reason) == [
        "\(workshop.path)/a.txt changed while the experiment ran: run again"
      ])
  }

  @Test func aFileThatIsGoneIsAnErrorOfPlanning() throws {
    let text = "experiment: toy\ntitle: Toy\ndata: {table: {given: no.txt}}\nseeds: 1\n"
    let manifest = try Manifest.read(
      Array(text.utf8), file: "\(workshop.path)/toy.yaml", schema: FileParameterTests.schema,
      isFile: { _ in true })
    #expect(throws: StoreError.system("cannot open", "\(workshop.path)/no.txt", ENOENT)) {
      try Planner.plan([manifest], FileParameterTests.catalog)
    }
  }
}
