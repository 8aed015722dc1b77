import Canonical
import ManifestToys
import Manifests
import Testing

/// Sweeps expand to the cells that they mean, in their order.
struct SweepTests {
  private func labels(_ text: String) throws -> [String] {
    try Toy.read(Toy.minimal(text)).cells.map(\.label)
  }

  @Test func theFirstAxisIsTheSlowest() throws {
    let found = try labels("sweep: {data.depth: [4, 5], data.closed: [true, false]}")
    #expect(
      found == [
        "data.depth=4,data.closed=true", "data.depth=4,data.closed=false",
        "data.depth=5,data.closed=true", "data.depth=5,data.closed=false",
      ])
  }

  @Test func zippedPathsVaryTogetherAsOneAxis() throws {
    let found = try labels(
      "zip: {data.depth: [4, 5], train.step.size: [0.1, 1]}\nsweep: {data.closed: [true, false]}")
    #expect(
      found == [
        "data.depth=4,train.step.size=0.1,data.closed=true",
        "data.depth=4,train.step.size=0.1,data.closed=false",
        "data.depth=5,train.step.size=1,data.closed=true",
        "data.depth=5,train.step.size=1,data.closed=false",
      ])
  }

  @Test func exclusionRemovesTheCellsThatMatchAllOfAnEntry() throws {
    let found = try labels(
      """
      sweep: {data.depth: [4, 5], data.closed: [true, false]}
      exclude: [{data.depth: 4, data.closed: true}, {data.depth: 5, data.closed: false}]
      """)
    #expect(found == ["data.depth=4,data.closed=false", "data.depth=5,data.closed=true"])
  }

  @Test func exclusionMayOverlap() throws {
    let found = try labels(
      "sweep: {data.depth: [4, 5]}\nexclude: [{data.depth: 4}, {data.depth: 4.0}]")
    #expect(found == ["data.depth=5"])
  }

  @Test func aCellHasAllParameters() throws {
    let cells = try Toy.read(
      Toy.minimal("sweep: {train.step.size: [1, 2], data.form: [round, {tilted: 3}]}")
    ).cells
    #expect(cells[3].parameters["train.step.size"] == 2.0)
    #expect(cells[3].parameters["data.form"] == ["tilted": 3.0])
    #expect(cells[3].parameters["data.size"] == 3)
    #expect(cells[3].coordinates == [1, 1])
    #expect(cells[3].label == "train.step.size=2,data.form={tilted: 3}")
    #expect(cells[3].parameters.value["train"]?["step"] == ["size": 2.0, "exact": true])
  }

  @Test func aRequiredParameterMayComeFromTheSweepAlone() throws {
    let manifest = try Toy.read(
      "experiment: toy\ntitle: A toy\nsweep: {data.size: [4, 5]}\n")
    #expect(manifest.cells.map { $0.parameters["data.size"] } == [4, 5])
    #expect(manifest.parameters["data.size"] == 4)
  }

  @Test func excludedCellsAreNotJudged() {
    let text = """
      sweep: {data.size: [8, 40], data.depth: [4, 20]}
      exclude: [{data.size: 40, data.depth: 4}]
      """
    #expect(Toy.faults(Toy.minimal(text)) == "")
  }

  @Test func cellsAreGroupedByWhatIsRead() throws {
    let manifest = try Toy.read(
      Toy.minimal(
        """
        sweep: {data.depth: [4, 5]}
        zip: {data.closed: [true, false, true], train.step.size: [1, 2, 3]}
        """))
    #expect(manifest.groups(reading: ["data.closed"]).group == [0, 1, 0, 0, 1, 0])
    #expect(manifest.groups(reading: ["train.step.size"]).representatives == [0, 1, 2])
    #expect(
      manifest.groups(reading: ["data.closed", "data.depth"]).group == [0, 1, 0, 2, 3, 2])
    #expect(manifest.groups(reading: ["data.size"]).group == [0, 0, 0, 0, 0, 0])
  }

  @Test func aHundredThousandCellsAreExpanded() throws {
    func list(_ count: Int, _ text: (Int) -> String) -> String {
      "[" + (1...count).map(text).joined(separator: ", ") + "]"
    }
    let manifest = try Toy.read(
      Toy.minimal(
        """
        sweep:
          data.size: \(list(20) { "\($0)" })
          data.depth: \(list(50) { "\($0 + 10)" })
          train.step.size: \(list(100) { "\($0)" })
        """))
    #expect(manifest.cells.count == 100_000)
    #expect(manifest.cells.last!.parameters["train.step.size"] == 100.0)
    #expect(Set(manifest.cells.map(\.coordinates)).count == 100_000)
  }
}

/// Parameters say what was declared and nothing else.
struct ParametersTests {
  private let all = Parameters([("a.x", 1), ("a.y", "two"), ("b", [3])])

  @Test func theTreeFollowsThePaths() {
    #expect(all.value == ["a": ["x": 1, "y": "two"], "b": [3]])
    #expect(all.restricted(to: ["b", "a.x"]).value == ["a": ["x": 1], "b": [3]])
    #expect(all.restricted(to: ["b", "a.x"]).paths == ["a.x", "b"])
  }

  @Test func equalityIsThatOfWhatMayBeRead() {
    let other = Parameters([("a.x", 1), ("a.y", "three"), ("b", [3])])
    #expect(all != other)
    #expect(all.restricted(to: ["a.x", "b"]) == other.restricted(to: ["b", "a.x"]))
    #expect(
      Set([all.restricted(to: ["a.x"]), other.restricted(to: ["a.x"])]).count == 1)
    #expect(all.restricted(to: ["a.x"]) != all.restricted(to: ["b"]))
  }

  @Test func readingWhatIsNotDeclaredStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      _ = Parameters([("a", 1), ("b", 2)]).restricted(to: ["a"])["b"]
    }
  }
}
