import Canonical
import TestSupport
import Testing

/// `predict` says what follows a context, by the automaton and by a trained layer.
struct PredictTests {
  /// With last token 4: 0 and 1 in one component (2 : 1), above 3 and 4; 2 above 4 alone.
  private static let document = """
    {"embeddings": [[1,0,0,0,0,0],[0,1,0,0,0,0],[0,0,1,0,0,0],[0,0,0,1,0,0],[0,0,0,0,1,0],
      [0,0,0,0,0,1]],
     "sequences": [[0,1,3,4],[0,1,3,4],[1,0,3,4],[2,4],[2,4]], "labels": [0,0,1,2,2]}
    """

  private func predict(_ arguments: String...) throws -> Program.Exit {
    try Sandbox(["data.json": PredictTests.document, "more.json": #"{"sequences": [[3, 4]]}"#])
      .start(["predict", "data.json"] + arguments).wait()
  }

  private func predictions(_ arguments: String...) throws -> [Value] {
    let exit = try Sandbox(["data.json": PredictTests.document])
      .start(["predict", "data.json", "--json"] + arguments).wait()
    #expect(exit.code == 0, "\(exit)")
    return try #require(exit.json?["predictions"]?.list)
  }

  @Test func theDatasetsOwnContextsAreUnique() throws {
    let rows = try predictions()
    #expect(rows.count == 5)
    #expect(rows.allSatisfy { $0["status"] == "unique" })
    let automaton = try #require(rows[0]["automaton"]?.list).map { $0.double! }
    #expect(abs(automaton[0] - 2.0 / 3) <= 1e-9 && abs(automaton[1] - 1.0 / 3) <= 1e-9)
    #expect(rows[0]["retrieved"] == [0, 1])
    let trained = try #require(rows[0]["trained"]?.list).map { $0.double! }
    #expect(abs(trained.reduce(0, +) - 1) <= 1e-12)
    let distance = zip(automaton, trained).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    #expect(abs(try #require(rows[0]["distance"]?.double) - distance) <= 1e-12)
    #expect(distance < 0.02)
  }

  @Test func moreStepsBringTheLayerNearer() throws {
    func distance(_ iterations: String) throws -> Double {
      try #require(try predictions("--iterations", iterations)[3]["distance"]?.double)
    }
    #expect(try distance("4000") < distance("400") / 2)
  }

  @Test func whatIsNotPredictedIsNull() throws {
    let rows = try predictions("--context", "2 3 4", "--context", "2 0 4", "--context", "4,5")
    #expect(rows.map { $0["status"]! } == ["by-margin", "ambiguous", "unseen"])
    #expect(rows[0]["automaton"] == [0, 0, 1, 0, 0, 0] && rows[0]["retrieved"] == [2])
    for row in rows.dropFirst() {
      #expect(row["automaton"] == .null && row["distance"] == .null)
      #expect(row["gap"] == .null && row["retrieved"] == .list([]))
      #expect(row["trained"]?.list?.count == 6)
    }
  }

  @Test func theTableHasARowForEveryToken() throws {
    let exit = try predict("--context", "0 1 3 4", "--contexts", "more.json")
    #expect(exit.code == 0 && exit.err == "")
    let lines = exit.out.split(separator: "\n").map(String.init)
    #expect(
      lines[0].split(separator: " ").map(String.init)
        == ["context", "status", "gap", "distance", "token", "automaton", "trained"])
    #expect(lines.count == 1 + 4 + 2)
    #expect(lines[1].hasPrefix("0 1 3 4  unique"))
  }

  @Test func theInitialWeightsFollowTheSeed() throws {
    #expect(try predictions("--seed", "7") == predictions("--seed", "7"))
    #expect(try predictions("--seed", "7") != predictions("--seed", "8"))
  }

  @Test(arguments: [
    (["none.json"], "no file 'none.json'"),
    (["data.json", "--context", "0 6"], "--context '0 6' must be token ids from 0 to 5"),
    (["data.json", "--context", "a"], "--context 'a' must be token ids from 0 to 5"),
    (["data.json", "--context", ""], "--context '' must be token ids"),
    (["data.json", "--contexts", "bad.json"], #"bad.json: "sequences"[0] must be token ids"#),
    (["data.json", "--contexts", "none.json"], "no file 'none.json'"),
    (["bad.json"], #"bad.json: "embeddings" must be a list"#),
    (["data.json", "--iterations", "0"], "--iterations takes a positive number"),
    (["data.json", "--step-size", "0"], "--step-size takes a positive number"),
    (["data.json", "--seed", "-1"], "--seed"),
  ])
  func badInputIsAUsageErrorThatSaysWhere(arguments: [String], message: String) throws {
    let exit = try Sandbox([
      "data.json": PredictTests.document, "bad.json": #"{"sequences": [[9]]}"#,
    ]).start(["predict"] + arguments).wait()
    #expect(exit.code == 2)
    #expect(exit.err.contains(message), "\(exit)")
  }

  @Test func withoutAMarginItSaysSo() throws {
    let file = "\(Sandbox.package)/Tests/TheoryTests/Margin/Cases/infeas_K10d02.json"
    let exit = try Sandbox().run("predict", file)
    #expect(exit.code == 0)
    #expect(exit.err.contains("the Graph-SVM is infeasible"))
    #expect(!exit.out.contains("by-margin"))
  }
}
