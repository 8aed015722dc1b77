import Testing

@testable import Canonical

@Suite struct ValuePathsTests {
  @Test func dottedPathsBecomeMapsOfMaps() {
    let value = Value.nested([("data.dimension", 8), ("train.step.size", 0.1), ("model", "x")])
    #expect(
      value == ["data": ["dimension": 8], "train": ["step": ["size": 0.1]], "model": "x"])
  }

  @Test(
    arguments: [
      ("unit-random", "unit-random"), ("null", "\"null\""), ("8", "\"8\""), ("a b", "\"a b\""),
      ("", "\"\""), ("data/x.npy", "data/x.npy"), ("True", "\"True\""),
    ] as [(Value, String)])
  func labelsOfStrings(value: Value, label: String) { #expect(value.label == label) }

  @Test func labelsOfOtherValues() {
    #expect((8 as Value).label == "8" && (0.5 as Value).label == "0.5")
    #expect((["equicorrelated": 0.5] as Value).label == "{equicorrelated: 0.5}")
    #expect(([1, "a", ["b": true]] as Value).label == "[1, a, {b: true}]")
  }
}
