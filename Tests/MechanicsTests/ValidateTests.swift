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

  @Test func aFileIsTakenOnce() throws {
    let sandbox = try Example.sandbox()
    let exit = try sandbox.run("validate", "manifests", "manifests/small.yaml", "./manifests")
    #expect(exit.code == 0 && exit.out == "manifests/small.yaml: small, 6 runs\n", "\(exit)")
  }

  @Test func anErrorOfAnOverrideNamesItsManifest() throws {
    let other = "experiment: other\ntitle: A\nmodel: scan-snap\n"
    let sandbox = try Sandbox(["manifests/a.yaml": Example.small, "manifests/b.yaml": other])
    let exit = try sandbox.run("validate", "--set", "data.structure=acyclic")
    #expect(
      exit.err.contains(
        "manifests/b.yaml: --set data.structure=acyclic: data has no field 'structure'"), "\(exit)")
    let both = try sandbox.run("validate", "--set", "tytle=A")
    #expect(both.err.contains("--set tytle=A: the manifest has no key 'tytle'"), "\(both)")
    #expect(!both.err.contains("yaml: --set"), "\(both)")
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
