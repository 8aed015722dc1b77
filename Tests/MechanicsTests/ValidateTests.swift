import Canonical
import TestSupport
import Testing

/// `validate` says all that is wrong with all manifests, and where.
struct ValidateTests {
  private static let files = [
    "manifests/good.yaml": Example.small,
    "manifests/name.yaml":
      "experiment: name\ntytle: A\ndata: {vocabulary: 4, dimension: 4, length: 3, sequences: 0}\n",
    "manifests/syntax.yaml": "experiment: [a\n",
  ]

  @Test func allErrorsOfAllFilesAreSaidAtOnce() throws {
    let exit = try Sandbox(ValidateTests.files).run("validate")
    #expect(exit.code == 2)
    #expect(exit.out == "")
    let lines = exit.err.split(separator: "\n")
    #expect(
      lines.prefix(2) == [
        "manifests/name.yaml:2:1: the manifest has no key 'tytle'; did you mean 'title'?",
        "manifests/name.yaml:3:59: data.sequences must be an integer from 1 to 1000000, not 0",
      ])
    #expect(lines.count == 3 && lines[2].hasPrefix("manifests/syntax.yaml:2:1: not well-formed"))
  }

  @Test func asJSONEachHasItsPlace() throws {
    let exit = try Sandbox(ValidateTests.files).run("validate", "--json")
    #expect(exit.code == 2)
    let faults = try #require(exit.json?.list)
    #expect(faults.count == 3)
    #expect(faults[0]["suggestion"] == "title")
    #expect(
      faults[1]
        == [
          "file": "manifests/name.yaml", "line": 3, "column": 59, "suggestion": .null,
          "message": "data.sequences must be an integer from 1 to 1000000, not 0",
        ])
  }

  @Test func goodManifestsAreListedWithTheirRuns() throws {
    let sandbox = try Example.sandbox()
    let exit = try sandbox.run("validate")
    #expect(exit.code == 0)
    #expect(exit.out == "manifests/small.yaml: small, 6 runs\n")
    #expect(try sandbox.run("validate", "--json").json == [])
  }

  @Test func twoExperimentsOfOneNameCollide() throws {
    let exit = try Sandbox(["a.yaml": Example.small, "b.yaml": Example.small])
      .run("validate", "a.yaml", "b.yaml")
    #expect(exit.code == 2)
    #expect(exit.err.contains("b.yaml:1:13:"), "\(exit)")
  }

  @Test func allManifestsOfThisRepositoryAreGood() throws {
    let exit = try Sandbox().run("validate", in: Sandbox.package)
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.out.contains("manifests/acyclic.yaml: acyclic, 100 runs\n"))
  }
}
