import Canonical
import TestSupport
import Testing

/// What the head of a manifest says of its costs is so.
struct StatedCostsTests {
  private static let folder = "\(Sandbox.package)/manifests"
  private static let manifests = Folder.names(folder).filter { $0.hasSuffix(".yaml") }

  /// The number before the word *stages* in the comments at the start; nil where there is none.
  private func stated(_ text: String) -> Int? {
    let head = text.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { $0.hasPrefix("#") }.joined(separator: "\n")
    return head.firstMatch(of: /([0-9][0-9,]*) stages/).flatMap {
      Int($0.1.replacing(",", with: ""))
    }
  }

  @Test(arguments: manifests) func theStatedNumberOfStagesIsThatOfThePlan(name: String) throws {
    let file = "\(StatedCostsTests.folder)/\(name)"
    guard let stated = stated(try Folder.text(file)) else { return }
    let exit = try Sandbox().run("plan", file, "--format", "json")
    #expect(exit.code == 0, "\(exit)")
    #expect(
      exit.json?["stages"] == .integer(stated), "the head of manifests/\(name) says \(stated)")
  }

  @Test func mostManifestsStateIt() throws {
    let count = try StatedCostsTests.manifests.count {
      stated(try Folder.text("\(StatedCostsTests.folder)/\($0)")) != nil
    }
    #expect(count > StatedCostsTests.manifests.count / 2)
  }
}
