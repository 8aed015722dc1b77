import Canonical
import TestSupport
import Testing

/// What one command prints of a stage or a run, every other one takes.
struct AddressTests {
  /// Swept values with commas, brackets, braces and numbers that YAML spells in several ways.
  private static let manifest = """
    experiment: odd
    title: Values of several parts
    data: {vocabulary: 4, dimension: 4, length: 3}
    train: {iterations: 10}
    seeds: 1..2
    sweep:
      data.structure: [{blocks: {sizes: [2, 2]}}, {blocks: {sizes: [3, 1], weights: [1, 2, 0.5]}}]
      data.sequences: [3, 4]
      train.initial: [zero, {random: 2.0}]
    claims:
      - {says: "W grows, if slowly", metric: norm, statistic: mean, at-least: 0}

    """

  private static let blocks = "{blocks: {sizes: [2, 2]}}"

  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox(["manifests/odd.yaml": AddressTests.manifest])
    let exit = try sandbox.run("run")
    #expect(exit.code == 0, "\(exit)")
  }

  /// The run that all of the following name.
  private static let run =
    "data.structure=\(blocks),data.sequences=3,train.initial={random: 2},seed=1"

  private static let spellings = [
    run,
    #"data.structure={"blocks":{"sizes":[2,2]}},data.sequences=3,train.initial={"random":2},seed=1"#,
    "seed=1, initial={random: 2.0}, structure={blocks: {sizes: [2,2]}}, sequences=3",
    "train.initial={'random': 2e0},seed=1.0,data.sequences=0x3,data.structure=\(blocks)",
  ]

  @Test(arguments: spellings) func explainTakesEverySpelling(_ conditions: String) throws {
    let exit = try sandbox.run("explain", "odd/gd[\(conditions)]")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.out.hasPrefix("odd/gd[\(AddressTests.run)] @"), "\(exit)")
  }

  @Test(arguments: spellings) func diffTakesEverySpelling(_ conditions: String) throws {
    let exit = try sandbox.run(
      "diff", "odd[\(conditions)]",
      "odd/gd[\(AddressTests.run.replacing("seed=1", with: "seed=2"))]")
    #expect(exit.code == 3, "\(exit)")
    #expect(exit.out.hasPrefix("seed: 1 -> 2 (by 1)\n"), "\(exit)")
  }

  @Test(arguments: spellings) func queryTakesEverySpelling(_ conditions: String) throws {
    for words in [["--where", conditions], ["odd[\(conditions)]"], ["odd/gd[\(conditions)]"]] {
      let exit = try sandbox.start(["query", "runs", "--format", "csv"] + words).wait()
      #expect(exit.code == 0 && exit.out.split(separator: "\n").count == 2, "\(exit)")
    }
  }

  @Test(arguments: spellings) func exportTakesEverySpelling(_ conditions: String) throws {
    let exit = try sandbox.run("export", "odd/data[\(conditions)]", "--to", "arrays")
    #expect(exit.code == 0 && exit.err == "1 stage in arrays\n", "\(exit)")
    #expect(sandbox.exists("arrays/odd/data/\(AddressTests.run)/dataset.safetensors"))
  }

  /// Whatever `explain` prints, it takes, and each names one stage.
  @Test func whatIsPrintedIsTaken() throws {
    let printed = try sandbox.run("explain", "odd", "--json")
    let stages = try #require(printed.json?.list).compactMap { $0["stage"]?.string }
    #expect(stages.count == 20)
    for stage in stages.shuffled().prefix(6) {
      let exit = try sandbox.run("explain", stage, "--json")
      #expect(exit.json?.list?.map { $0["stage"]?.string } == [stage], "\(exit)")
    }
    let table = try sandbox.table("odd/runs.csv")
    for row in [table.rows[0], table.rows[table.rows.count - 1]] {
      let run = zip(table.columns.prefix(4), row).map { "\($0)=\($1)" }.joined(separator: ",")
      #expect(try sandbox.run("diff", "odd[\(run)]", "odd[\(run)]").code == 0)
    }
  }

  @Test func aPartOfAnAddressNamesAllThatItFits() throws {
    func count(_ address: String) throws -> Int? {
      try sandbox.run("explain", address, "--json").json?.list?.count
    }
    #expect(try count("odd/gd[seed=2]") == 8)
    #expect(try count("gd[seed=2,sequences=4]") == 4)
    #expect(try count("odd/gd[initial=zero,structure=\(AddressTests.blocks),seed=2]") == 2)
    let several = try sandbox.run("diff", "odd[seed=1]", "odd[seed=2]")
    #expect(several.code == 2)
    #expect(several.err.contains("'odd[seed=1]' names 8 runs, not one; these are odd[data.str"))
  }

  @Test func anUnknownParameterNamesTheNearest() throws {
    for command in [
      ["explain", "odd/gd[data.sequnces=3]"], ["export", "odd/gd[data.sequnces=3]"],
      ["run", "--only", "odd/gd[data.sequnces=3]"],
      ["diff", "odd[data.sequnces=3]", "odd[seed=1]"],
      ["query", "runs", "--where", "data.sequnces=3"],
    ] {
      let exit = try sandbox.start(command).wait()
      #expect(exit.code == 2)
      #expect(exit.err.contains("'data.sequnces' (did you mean 'data.sequences'?)"), "\(exit)")
    }
  }

  @Test func aTextWithCommasIsAValue() throws {
    let exit = try sandbox.run(
      "query", "claims", "--where", "says=W grows, if slowly", "--format", "csv")
    #expect(exit.out.split(separator: "\n").count == 2, "\(exit)")
  }

  /// All cells of one number of sequences and structure have the same data.
  @Test func whatCellsShareIsExportedUnderTheNameThatWasAskedFor() throws {
    let other = AddressTests.run.replacing("{random: 2}", with: "zero")
    #expect(try sandbox.run("export", "odd/data[\(AddressTests.run)]", "--to", "one").code == 0)
    #expect(sandbox.exists("one/odd/data/\(AddressTests.run)/dataset.safetensors"))
    #expect(!sandbox.exists("one/odd/data/\(other)"))
    #expect(try sandbox.run("export", "odd/data[seed=1]", "--to", "all").code == 0)
    for run in [AddressTests.run, other] {
      #expect(sandbox.exists("all/odd/data/\(run)/dataset.safetensors"))
    }
  }
}
