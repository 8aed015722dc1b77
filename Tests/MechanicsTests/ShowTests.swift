import Canonical
import TestSupport
import Testing

/// `show` prints what a manifest stands for.
struct ShowTests {
  @Test func defaultsAndCellsAreFilledIn() throws {
    let shown = try #require(try Example.sandbox().run("show").json)
    #expect(shown["model"] == "attention")
    #expect(shown["cells"] == [["train.step.size": 0.1], ["train.step.size": 0.01]])
    #expect(shown["data"]?["embedding"] == "unit-random")
    #expect(shown["train"]?["finite-part"] == "newton")
    #expect(shown["claims"]?.list?[0]["at"] == "final")
  }

  @Test func rawIsWhatWasRead() throws {
    let sandbox = try Sandbox([
      "a.yaml": "x: &x {a: 1, b: 0x10}\ny: {<<: *x, b: 2.50}\nz: [yes, true, 1e3]\n"
    ])
    let exit = try sandbox.run("show", "--raw", "a.yaml")
    #expect(
      exit.json
        == [
          "x": ["a": 1, "b": 16], "y": ["a": 1, "b": 2.5], "z": ["yes", true, 1000],
        ], "\(exit)")
  }

  @Test func overridesAreShown() throws {
    let exit = try Example.sandbox().run("show", "--set", "data.length=5", "--seeds", "4")
    #expect(exit.json?["data"]?["length"] == 5)
    #expect(exit.json?["seeds"]?.json().contains("4") == true, "\(exit)")
  }

  @Test func theSchemaIsAJSONSchema() throws {
    let schema = try #require(try Sandbox().run("schema").json)
    #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
  }
}
