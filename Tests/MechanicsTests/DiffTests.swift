import Glibc
import TestSupport
import Testing

/// `diff` says how two things of one kind differ.
struct DiffTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox([
      "results/a/runs.csv": "seed,norm,loss\n1,1,0.5\n2,3,\n",
      "other/a/runs.csv": "seed,norm,loss\n1,1.25,0.5\n2,3,2\n",
      "other/b/runs.csv": "seed,norm\n1,1\n",
      "manifests/small.yaml": Example.small,
      "manifests/changed.yaml": Example.small.replacing("iterations: 20", with: "iterations: 40")
        .replacing("at-least: 0.05", with: "at-least: 0.1"),
    ])
  }

  @Test func foldersDifferInNumbers() throws {
    let exit = try sandbox.run("diff", "results", "other")
    #expect(exit.code == 3)
    #expect(
      exit.out == """
        a/runs.csv: loss differs at seed=2: missing -> 2
        a/runs.csv: norm differs at seed=1: 1 -> 1.25 (by 0.25)
        b: only in other

        """)
  }

  @Test(arguments: ["results", "results/a", "a[seed=1]", "manifests/small.yaml"])
  func aThingIsEqualToItself(_ name: String) throws {
    let exit = try sandbox.run("diff", name, name)
    #expect(exit.code == 0 && exit.out.isEmpty && exit.err == "no difference\n", "\(exit)")
  }

  /// One file of an experiment that ran is edited, and is told.
  @Test(arguments: [
    ("runs.csv", "seed", "sead"), ("summary.csv", ",mean,", ",mode,"),
    ("series.csv", "norm.mean", "norm.mode"), ("lock.csv", "seed,data", "seed,date"),
    ("claims.json", "W grows", "W shrinks"), ("curve.vl.json", "correlation", "corelation"),
    ("manifest.json", "acyclic", "cyclic"), ("runs.csv", "\n", "\n\n"),
  ])
  func everyRecordedFileIsCompared(_ file: String, _ old: String, _ new: String) throws {
    let sandbox = try DiffTests.copied
    try sandbox.edit("copy/small/\(file)", old, new)
    for (folder, place) in [("", "small/"), ("/small", "")] {
      let exit = try sandbox.run("diff", "results\(folder)", "copy\(folder)")
      #expect(exit.code == 3)
      #expect(exit.out.contains("\(place)\(file): "), "\(exit)")
      #expect(exit.out.split(separator: "\n").allSatisfy { $0.hasPrefix(place + file) }, "\(exit)")
    }
  }

  @Test(arguments: ["runs.csv", "series.csv", "lock.csv", "claims.json", "curve.vl.json"])
  func aMissingFileIsTold(_ file: String) throws {
    let sandbox = try DiffTests.copied
    unlink("\(sandbox.project)/copy/small/\(file)")
    #expect(try sandbox.run("diff", "results", "copy").out == "small/\(file): only in results\n")
    #expect(try sandbox.run("diff", "copy", "results").out == "small/\(file): only in results\n")
  }

  @Test(arguments: ["timings.csv", "provenance.json", "curve.svg"])
  func whatDiffersByNatureIsNotCompared(_ file: String) throws {
    let sandbox = try DiffTests.copied
    try sandbox.write("copy/small/\(file)", "other")
    #expect(try sandbox.run("diff", "results", "copy").code == 0)
  }

  /// Results of `Example.small` in `results`, and once more in `copy`.
  private static var copied: Sandbox {
    get throws {
      let sandbox = try Example.sandbox()
      _ = try sandbox.run("run")
      #expect(try sandbox.system("cp", "-r", "results", "copy").code == 0)
      return sandbox
    }
  }

  @Test func twoExperimentsAreCompared() throws {
    let exit = try sandbox.run("diff", "results/a", "other/b")
    #expect(exit.code == 3)
    #expect(
      exit.out == """
        runs.csv: the column loss is only in results/a
        runs.csv: rows only in results/a: 1, such as seed=2

        """)
  }

  @Test(arguments: [["home", "results"], ["results", "home"], ["results", "results/a"]])
  func foldersOfOtherKindsAreRefused(_ folders: [String]) throws {
    try sandbox.write("home/note.txt", "")
    let exit = try sandbox.start(["diff"] + folders).wait()
    #expect(exit.code == 2 && exit.out.isEmpty)
    #expect(
      exit.err.contains(/holds no results: give one such as results\/|one is the folder of an/))
  }

  @Test func runsDifferInMetrics() throws {
    let exit = try sandbox.run("diff", "a[seed=1]", "a[seed=2]")
    #expect(exit.code == 3)
    #expect(exit.out == "seed: 1 -> 2 (by 1)\nnorm: 1 -> 3 (by 2)\nloss: 0.5 -> missing\n")
    let none = try sandbox.run("diff", "a[seed=1]", "a[seed=3]")
    #expect(none.code == 2)
    #expect(none.err.contains("names 0 runs, not one; there are a[seed=1], a[seed=2]"), "\(none)")
  }

  @Test func manifestsDifferInParameters() throws {
    let exit = try sandbox.run("diff", "manifests/small.yaml", "manifests/changed.yaml")
    #expect(exit.code == 3)
    #expect(
      exit.out == """
        claims[W grows].at-least: 0.05 -> 0.1
        train.iterations: 20 -> 40

        """)
  }

  @Test func differentKindsAreRefused() throws {
    #expect(try sandbox.run("diff", "results", "manifests/small.yaml").code == 2)
  }
}
