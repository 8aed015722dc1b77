import Canonical
import TestSupport
import Testing

/// `svm` solves the Graph-SVM of a dataset document and proves its answer.
struct SVMTests {
  private static let folder = "\(Sandbox.package)/Tests/TheoryTests/Margin"
  private static let cases = Folder.names("\(folder)/Cases")

  private func solve(_ name: String, _ arguments: String...) throws -> Program.Exit {
    try Sandbox().start(["svm", "\(SVMTests.folder)/Cases/\(name)"] + arguments).wait()
  }

  @Test(arguments: cases)
  func statusAndObjectiveAreTheReferences(name: String) throws {
    let exit = try solve(name)
    #expect(exit.code == 0)
    let answer = try #require(exit.json)
    let document = Value(json: try Folder.bytes("\(SVMTests.folder)/Cases/\(name)"))
    let reference = try #require(document?["reference"])
    let status = reference["status"] == "zero" ? "optimal" : reference["status"]
    #expect(answer["status"] == status)
    if let expected = reference["objective"]?.double {
      let objective = try #require(answer["objective"]?.double)
      #expect(abs(objective - expected) <= 1e-8 * max(1, expected))
    } else {
      #expect(answer["objective"] == .null && answer["W"] == .null)
    }
  }

  @Test func anIndependentProgramAcceptsEveryCertificate() throws {
    let python = try Python.with(["numpy"])
    let sandbox = try Sandbox()
    for name in SVMTests.cases {
      let file = "\(SVMTests.folder)/Cases/\(name)"
      try sandbox.write("answer.json", try sandbox.run("svm", file).out)
      let exit = try sandbox.system(
        python.path, "\(SVMTests.folder)/check_certificate.py", file, "answer.json")
      #expect(exit.code == 0, "\(name): \(exit)")
    }
  }

  @Test func theAnswerHasTheSpecifiedKeys() throws {
    let optimal = try #require(try solve("sq08_cyclic_a.json", "--repeat", "3").json?.map)
    #expect(
      Set(optimal.keys).isSuperset(of: [
        "status", "objective", "W", "certificate", "components", "constraints", "seconds",
      ]))
    #expect(
      optimal["certificate"]!.map!.keys.sorted()
        == ["complementarity", "dualResidual", "gap", "multipliers", "primalResidual"])
    #expect(optimal["constraints"]!.map!.keys.sorted() == ["active", "all", "reduced"])
    #expect(optimal["seconds"]!.map!.keys.sorted() == ["graph", "solve"])
    #expect(optimal["processorSeconds"]!.double! > 0)
    let infeasible = try #require(try solve("infeas_K10d02.json").json)
    #expect(infeasible["certificate"]?.map?.keys.sorted() == ["farkas", "farkasResidual"])
  }

  @Test func withoutConstraintsTheSolutionIsZero() throws {
    let answer = try #require(try solve("allcyclic_zeroW_K6d8.json").json)
    #expect(answer["status"] == "optimal")
    #expect(answer["objective"]?.double == 0)
  }

  @Test(arguments: [
    ("[]", "not a JSON object"), ("{", "not a JSON object"),
    (#"{"embeddings": [[1, 2], [3]]}"#, #""embeddings"[1] must be 2 numbers"#),
    (#"{"embeddings": [[1]], "sequences": []}"#, #""sequences" must be a list"#),
    (#"{"embeddings": [[1]], "sequences": [[0]], "labels": []}"#, #""labels" must be a list of 1"#),
    (
      #"{"embeddings": [[1]], "sequences": [[0, 1]], "labels": [0]}"#,
      #""sequences"[0] must be token ids from 0 to 0"#
    ),
  ])
  func aBadDocumentIsAUsageErrorThatSaysWhere(text: String, message: String) throws {
    let exit = try Sandbox(["bad.json": text]).run("svm", "bad.json")
    #expect(exit.code == 2)
    #expect(exit.err.contains("bad.json: \(message)"), "\(exit)")
  }
}
