import TestSupport
import Testing

/// A fresh clone of this repository reproduces the recorded results.
@Suite(.enabled(if: Sandbox.isRepository, "this is no git repository, so it cannot be cloned"))
struct CloneTests {
  private let sandbox: Sandbox
  private let clone: String

  init() throws {
    sandbox = try Sandbox()
    clone = "\(sandbox.folder.path)/clone"
    let exit = try sandbox.system("git", "clone", "-q", "--no-hardlinks", Sandbox.package, clone)
    guard exit.code == 0 else { throw Failure("git clone: \(exit)") }
  }

  @Test func makeReproduceBuildsAndRunsTheProgram() throws {
    let exit = try sandbox.system("make", "-n", "reproduce", in: clone)
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.out.contains("swift build -c release"))
    #expect(exit.out.contains(".build/release/mechanics reproduce"))
  }

  @Test func theRecordedResultsAreWhole() throws {
    let exit = try sandbox.system(
      "sha256sum", "--strict", "--quiet", "-c", "digests.txt", in: "\(clone)/results")
    #expect(exit.code == 0, "\(exit)")
  }

  @Test func theResultsAreReproducedWithAColdCache() throws {
    let exit = try sandbox.run("reproduce", in: clone)
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.lastLine.hasSuffix("; digests equal"), "\(exit)")
    let status = try sandbox.system("git", "status", "--porcelain", in: clone)
    #expect(status.out == "", "\(status)")
    let again = try sandbox.run("reproduce", in: clone)
    #expect(again.executed == 0, "\(again)")
  }
}

extension Sandbox {
  fileprivate static let isRepository =
    (try? Sandbox().system("git", "-C", package, "rev-parse", "--verify", "-q", "HEAD").code) == 0
}
