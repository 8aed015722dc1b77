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
        a: loss differs in 1 runs, most at seed=2: missing -> 2
        a: norm differs in 1 runs, most at seed=1: 1 -> 1.25 (by 0.25)
        b: only in other

        """)
  }

  @Test func aFolderIsEqualToItself() throws {
    let exit = try sandbox.run("diff", "results", "results")
    #expect(exit.code == 0 && exit.out.isEmpty)
  }

  @Test func runsDifferInMetrics() throws {
    let exit = try sandbox.run("diff", "a[seed=1]", "a[seed=2]")
    #expect(exit.code == 3)
    #expect(exit.out == "seed: 1 -> 2 (by 1)\nnorm: 1 -> 3 (by 2)\nloss: 0.5 -> missing\n")
    #expect(try sandbox.run("diff", "a[seed=1]", "a[seed=3]").err.contains("names 0 runs"))
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
