import Glibc
import TestSupport
import Testing

/// The documents that tell users what to type are true.
struct TutorialTests {
  private static func document(_ name: String) throws -> String {
    try Folder.text("\(Sandbox.package)/docs/\(name)")
  }

  @Test func everyCommandOfTheTutorialRuns() throws {
    let blocks = try TutorialTests.document("tutorial.md").matches(of: /```sh\n((?s:.*?))```/)
      .map { String($0.1) }
    #expect(blocks.count >= 8)
    let sandbox = try Sandbox()
    Folder.makeFolder("\(sandbox.folder.path)/bin")
    symlink(Sandbox.binary, "\(sandbox.folder.path)/bin/mechanics")
    let path = "\(sandbox.folder.path)/bin:/usr/bin:/bin"
    let exit = try sandbox.system(
      "env", "PATH=\(path)", "sh", "-euxc", blocks.joined(separator: "\n"))
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.err.contains("claims 2/2 held; digests equal"), "\(exit)")
    #expect(exit.out.contains("exit 2"), "a wrong manifest is refused")
    #expect(exit.err.contains("did you mean 'vocabulary'?"), "\(exit)")
    for file in ["spread.vl.json", "final.vl.json", "claims.json"] {
      #expect(sandbox.folder.exists("home/first/results/first/\(file)"), "\(file)")
    }
    #expect(sandbox.folder.exists("home/first/results/report.html"))
  }

  @Test func theReferenceIsCurrent() throws {
    let text = try Sandbox().run("schema", "--markdown").out
    let file = "\(Sandbox.package)/docs/reference.md"
    if getenv("MECHANICS_UPDATE_HELP") != nil { try Folder.write(file, Array(text.utf8)) }
    #expect(
      text == (try TutorialTests.document("reference.md")),
      "MECHANICS_UPDATE_HELP=1 writes docs/reference.md anew")
  }

  @Test func theSweepOfTheReferenceHasTheCellsThatItSays() throws {
    let reference = try TutorialTests.document("reference.md")
    let sweep = try #require(reference.firstMatch(of: /```yaml\n(sweep:(?s:.*?))```/)?.1)
    let manifest = "experiment: a\ntitle: A\nseeds: [1]\ndata: {vocabulary: 4}\n\(sweep)"
    let exit = try Sandbox(["a.yaml": manifest]).run("validate", "a.yaml")
    #expect(exit.out == "a.yaml: a, 6 runs\n", "\(exit)")
  }

  /// Whatever stands in a value such as `{blocks: …}` is told of.
  @Test func theReferenceSaysWhatStandsInValues() throws {
    let reference = try TutorialTests.document("reference.md")
    for row in [
      "| `data.embedding` | `{equicorrelated: …}` | a number in [0, 1) | |",
      "| | `sizes` * | a list, each an integer from 1 to 65536 |",
      "| `train.record` | `{every: …}` | an integer from 1 to 1000000000 | |",
    ] { #expect(reference.contains(row)) }
  }

  @Test func aManifestToStartFromIsNeverOverwritten() throws {
    let sandbox = try Sandbox()
    #expect(try sandbox.run("init", "mine").code == 0)
    #expect(try sandbox.run("validate").code == 0)
    let again = try sandbox.run("init", "mine")
    #expect(again.code == 2 && again.err.contains("is there already"), "\(again)")
    #expect(try sandbox.run("init", "My Own").code == 2)
  }

  @Test func aMisspeltCommandIsGuessed() throws {
    let exit = try Sandbox().run("validat")
    #expect(exit.code == 2)
    #expect(exit.err == "mechanics: no command 'validat' (did you mean 'validate'?)\n")
  }

  @Test func commandsOfCommandsAreGuessedToo() throws {
    for words in [["cache", "pusch"], ["help", "cache", "pusch"]] {
      let exit = try Sandbox().start(words).wait()
      #expect(exit.code == 2 && exit.out.isEmpty)
      #expect(exit.err == "mechanics: no command 'pusch' (did you mean 'push'?)\n", "\(exit)")
    }
    let exit = try Sandbox().run("help", "xyzzy")
    #expect(exit.code == 2 && exit.err.contains("'xyzzy' (there are run, "), "\(exit)")
    #expect(!exit.err.contains("worker"), "hidden commands stay so")
  }

  @Test func aMisspeltStageIsGuessed() throws {
    let sandbox = try Example.sandbox()
    for (wrong, near) in [
      ("smal/gd[train.step.size=0.1,seed=2]", "small/gd[train.step.size=0.1,seed=2]"),
      ("small/sumary", "small/summary"),
    ] {
      let exit = try sandbox.run("explain", wrong)
      #expect(exit.code == 2)
      #expect(exit.err.contains("(did you mean '\(near)'?)"), "\(exit)")
    }
  }
}
