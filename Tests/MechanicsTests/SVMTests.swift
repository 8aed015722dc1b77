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
    ("[]", " not a JSON object"),
    (#"{"embeddings": [[1, 2], [3]]}"#, #" "embeddings"[1] must be 2 numbers"#),
    (#"{"embeddings": [[1]], "sequences": 1}"#, #" "sequences" must be a list"#),
    (#"{"sequences": [], "labels": []}"#, #" "embeddings" must be a list"#),
    (
      #"{"embeddings": [[1]], "sequences": [[0]], "labels": []}"#, #" "labels" must be a list of 1"#
    ),
    (
      #"{"embeddings": [[1]], "sequences": [[0, 1]], "labels": [0]}"#,
      #" "sequences"[0] must be token ids from 0 to 0"#
    ),
    ("", "1:1: the document is empty"),
    ("{\n", "2:1: the document ends where a key in quotes should stand"),
    ("{\"embeddings\":\n  [[1, NaN]]}", "2:8: a value should stand here, not 'NaN'"),
    (#"{"labels": [], "labels": []}"#, "1:16: the key 'labels' is given twice"),
    ("{} {}", "1:4: the document has ended, but '{' follows"),
    (String(repeating: "[", count: 600), "1:513: more than 512 levels"),
  ])
  func aBadDocumentIsAUsageErrorThatSaysWhere(text: String, message: String) throws {
    let exit = try Sandbox(["bad.json": text]).run("svm", "bad.json")
    #expect(exit.code == 2)
    #expect(exit.err.contains("bad.json:\(message)"), "\(exit)")
  }

  @Test func aFolderIsNoDocument() throws {
    let exit = try Sandbox(["data/x.json": "{}"]).run("svm", "data")
    #expect(exit.code == 2)
    #expect(exit.err.contains("'data' is a folder, not a file"), "\(exit)")
  }

  /// An optimum of no constraints, whatever the file starts with and wherever it comes from.
  @Test func withoutSequencesTheSolutionIsZero() throws {
    let text = #"{"embeddings": [[1, 0], [0, 1]], "sequences": [], "labels": []}"#
    let sandbox = try Sandbox(["none.json": text, "marked.json": "\u{FEFF}" + text])
    let exits = [
      try sandbox.run("svm", "none.json"), try sandbox.run("svm", "marked.json"),
      try sandbox.system("sh", "-c", "'\(Sandbox.binary)' svm - < none.json"),
    ]
    for exit in exits {
      #expect(exit.code == 0, "\(exit)")
      let answer = try #require(exit.json)
      #expect(answer["status"] == "optimal" && answer["objective"]?.double == 0)
      #expect(answer["W"] == [[0, 0], [0, 0]])
      #expect(answer["certificate"]?["multipliers"] == .list([]))
      #expect(answer["constraints"] == ["all": 0, "reduced": 0, "active": 0])
      #expect(answer["components"] == .list([]))
    }
    let predicted = try sandbox.run("predict", "none.json")
    #expect(predicted.code == 2)
    #expect(predicted.err.contains(#"none.json: "sequences" is empty"#), "\(predicted)")
  }

  @Test func whatIsWrongWithStandardInputSaysSo() throws {
    for command in ["svm", "predict"] {
      let exit = try Sandbox().run(command, "-")
      #expect(exit.code == 2)
      #expect(exit.err.contains("standard input:1:1: the document is empty"), "\(exit)")
    }
  }
}
