import Canonical
import Report
import Testing

/// The changed values of a document, by path.
struct ChangeTests {
  private func changes(_ before: Value, _ after: Value) -> [String] {
    Verdict.Change.list(from: before, to: after).map(\.description)
  }

  @Test func valuesAreToldByTheirPaths() {
    #expect(
      changes(["a": ["b": 1, "c": 2]], ["a": ["b": 1, "c": 3.5]]) == ["a.c: 2 -> 3.5"])
  }

  @Test func whatAppearsOrGoesIsToldWithNone() {
    #expect(changes(["a": 1], ["b": 2]) == ["a: 1 -> none", "b: none -> 2"])
  }

  @Test func listsOfMapsAreComparedItemByItem() {
    #expect(
      changes(["claims": [["x": 1], ["x": 2]]], ["claims": [["x": 1], ["x": 3]]])
        == ["claims[1].x: 2 -> 3"])
  }

  @Test func otherListsAreToldWhole() {
    #expect(changes(["s": [1, 2]], ["s": [1, 3]]) == ["s: [1,2] -> [1,3]"])
  }

  @Test func equalDocumentsDoNotDiffer() { #expect(changes(["a": [1]], ["a": [1]]) == []) }
}
