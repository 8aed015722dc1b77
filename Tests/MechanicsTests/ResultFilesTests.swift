import Canonical
import TestSupport
import Testing

/// The files that a run leaves in `results/`.
struct ResultFilesTests {
  /// Metrics that the specification names; models may have more.
  private static let specified: Set = [
    "correlation", "feasible", "finite-correlation", "finite-distance", "gradient-norm",
    "label-mass", "loss", "neg-log-rest", "norm", "projected-correlation", "svm-norm",
  ]

  private let sandbox: Sandbox

  init() throws { sandbox = try Example.accepted() }

  @Test func theirNames() throws {
    #expect(
      try sandbox.folder.files("project/results").keys.sorted() == [
        "digests.txt", "small/claims.json", "small/curve.vl.json", "small/lock.csv",
        "small/manifest.json", "small/provenance.json", "small/runs.csv", "small/series.csv",
        "small/summary.csv", "small/timings.csv",
      ])
  }

  @Test func runsHaveARowForEachCellAndSeed() throws {
    let runs = try sandbox.table("small/runs.csv")
    let metrics = Array(runs.columns.dropFirst(2))
    #expect(runs.columns.prefix(2) == ["train.step.size", "seed"])
    #expect(metrics == metrics.sorted())
    #expect(ResultFilesTests.specified.isSubset(of: metrics))
    #expect(
      runs.rows.map { $0.prefix(2).joined(separator: ",") }
        == ["0.1,1", "0.1,2", "0.1,3", "0.01,1", "0.01,2", "0.01,3"])
  }

  /// Data are shared by the cells, descent is not; the columns add up to all stages.
  @Test func timingsHaveARowForEachKindAndCell() throws {
    let timings = try sandbox.table("small/timings.csv")
    #expect(
      timings.columns == [
        "kind", "train.step.size", "stages", "seconds", "minimum", "median", "maximum", "bytes",
      ])
    #expect(
      timings.rows.map { $0.prefix(3).joined(separator: ",") } == [
        "data,,3", "tpg,,3", "svm,,3", "gd,0.1,3", "gd,0.01,3", "fin,,3", "analysis,0.1,3",
        "analysis,0.01,3", "summary,,1", "figure,,1", "claims,,1",
      ])
    for row in timings.rows {
      let numbers = row.dropFirst(3).compactMap(Double.init)
      #expect(numbers.count == 5 && numbers[1] <= numbers[2] && numbers[2] <= numbers[3])
      #expect(numbers[3] <= numbers[0] && numbers[4] > 0)
    }
  }

  @Test func theSummaryIsSortedByCellMetricAndStatistic() throws {
    let summary = try sandbox.table("small/summary.csv")
    #expect(summary.columns == ["train.step.size", "metric", "statistic", "value", "count"])
    let statistics = ["mean", "std", "min", "max", "median", "q05", "q95"]
    let metrics = try sandbox.table("small/runs.csv").columns.dropFirst(2)
    let expected = ["0.1", "0.01"].flatMap { cell in
      metrics.flatMap { metric in statistics.map { "\(cell),\(metric),\($0)" } }
    }
    #expect(summary.rows.map { $0.prefix(3).joined(separator: ",") } == expected)
  }

  @Test func theSeriesHaveTheMetricsThatChange() throws {
    let series = try sandbox.table("small/series.csv")
    let moving = ["correlation", "loss", "norm"].flatMap {
      ["\($0).mean", "\($0).std", "\($0).count"]
    }
    #expect(series.columns.prefix(2) == ["train.step.size", "iteration"])
    #expect(Set(moving).isSubset(of: series.columns))
    #expect(!series.columns.contains { $0.hasPrefix("feasible") || $0.hasPrefix("svm-norm") })
    #expect(
      series.rows.map { $0.prefix(2).joined(separator: ",") }
        == ["0.1,0", "0.1,10", "0.1,20", "0.01,0", "0.01,10", "0.01,20"])
  }

  @Test func theLockNamesTheOutputOfEveryStage() throws {
    let lock = try sandbox.table("small/lock.csv")
    #expect(
      lock.columns == [
        "train.step.size", "seed", "data", "tpg", "svm", "gd", "fin", "analysis",
      ])
    #expect(lock.rows.count == 6)
    #expect(lock.rows.joined().count { $0.contains(/^[0-9a-f]{16}$/) } == 36)
  }

  @Test func theLockShowsThatCellsShareTheirData() throws {
    let lock = try sandbox.table("small/lock.csv")
    #expect(lock.rows[0][2] == lock.rows[3][2])
    #expect(lock.rows[0][5] != lock.rows[3][5])
  }

  @Test func claimsAreASortedArrayWithTheSpecifiedKeys() throws {
    let bytes = try sandbox.folder.bytes("project/results/small/claims.json")
    let claims = try #require(Value(json: bytes)?.list)
    #expect(claims.map { $0["says"] } == ["W grows", "it is feasible"])
    for claim in claims {
      #expect(
        claim.map!.keys.sorted() == [
          "at", "count", "measured", "metric", "says", "statistic", "status", "threshold", "where",
        ])
      #expect(claim["status"] == "held")
    }
    #expect(claims[1]["threshold"] == ["equals": 1])
  }

  @Test func figuresAreVegaLiteSpecificationsWithTheirData() throws {
    let bytes = try sandbox.folder.bytes("project/results/small/curve.vl.json")
    let figure = try #require(Value(json: bytes))
    #expect(figure["$schema"]?.string?.contains("vega-lite/v5") == true)
    #expect(figure["data"]?["values"]?.list?.count == 6)
    #expect(Array((figure.json(pretty: true) + "\n").utf8) == bytes)
  }

  @Test func sha256sumAcceptsTheDigests() throws {
    let exit = try sandbox.system(
      "sha256sum", "--strict", "-c", "digests.txt", in: "\(sandbox.project)/results")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.out.split(separator: "\n").count == 7)
  }

  @Test func digestsAreSortedAndNameManifestAndVersions() throws {
    let lines = try sandbox.text("results/digests.txt").split(separator: "\n").map(String.init)
    let files = lines.prefix { !$0.hasPrefix("#") }.map { String($0.dropFirst(66)) }
    #expect(files == files.sorted() && files.count == 7)
    let manifest = Digest(of: Array(Example.small.utf8)).hex
    #expect(lines[7] == "# manifest \(manifest) small")
    #expect(lines[8].hasPrefix("# versions small analysis@"))
    #expect(lines.count == 9)
  }

  @Test func textIsLFWithoutNumbersThatDoNotExist() throws {
    for (name, bytes) in try sandbox.results() {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!bytes.contains(0x0d) && bytes.last == 0x0a, "\(name)")
      #expect(!text.contains(/(?i)\b(nan|inf|infinity)\b/), "\(name)")
      #expect(!text.contains(/[,:\[ ]-0(\.0)?[,\n\]}]/), "\(name)")
    }
  }

  @Test func nothingRecordedNamesAMachineOrATime() throws {
    let host = try sandbox.system("uname", "-n").out.split(separator: "\n").joined()
    for (name, bytes) in try sandbox.results() {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains(sandbox.folder.path) && !text.contains("seconds"), "\(name)")
      if host.count > 3 { #expect(!text.contains(host), "\(name)") }
    }
  }
}
