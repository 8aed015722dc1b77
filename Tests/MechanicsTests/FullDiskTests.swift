import Glibc
import TestSupport
import Testing

/// A cache on a disk that is full, or that may only be read.
@Suite(.serialized, .enabled(if: Mount.isAllowed, "needs the right to mount a tmpfs"))
struct FullDiskTests {
  private let sandbox: Sandbox
  private let before: [String: [UInt8]]
  private let mount: Mount

  init() throws {
    sandbox = try Example.accepted()
    before = try sandbox.results()
    mount = try #require(try Mount(options: "size=40k"))
    sandbox.environment["MECHANICS_CACHE"] = "\(mount.path)/cache"
  }

  @Test func aRunGoesOnWhereItStoppedOnceThereIsRoom() throws {
    let full = try sandbox.run("run")
    #expect(full.code == 4 && full.err.contains("No space left on device (make room"), "\(full)")
    #expect(mount.remount(options: "size=8m"))
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 0 && exit.local! > 0 && exit.executed! > 0, "\(exit)")
    #expect(try sandbox.results() == before)
    #expect(try sandbox.run("cache", "verify").code == 0)
  }

  @Test func whatIsThereIsReadAndWhatIsMissingIsAnError() throws {
    #expect(mount.remount(options: "size=8m"))
    #expect(try sandbox.run("run").code == 0)
    #expect(mount.remount(readOnly: true))
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 0 && exit.executed == 0, "\(exit)")
    let missing = try sandbox.run("run", "--set", "train.iterations=30")
    #expect(missing.code == 4 && missing.err.contains("read-only"), "\(missing)")
  }

  /// What comes from a shared cache needs room too, and that cache is not to blame.
  @Test func aDownloadThatDoesNotFitIsAnErrorOfThisMachine() throws {
    let url = "file://\(sandbox.folder.path)/shared"
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.folder.path)/cache"
    #expect(try sandbox.run("cache", "push", "--cache", url).code == 0)
    sandbox.environment["MECHANICS_CACHE"] = "\(mount.path)/cache"
    let pull = try sandbox.run("cache", "pull", "--cache", url)
    #expect(pull.code == 4 && pull.err.contains("(make room"), "\(pull)")
    #expect(!pull.err.contains("warning"), "\(pull)")
    #expect(mount.remount(options: "size=8m"))
    #expect(try sandbox.run("cache", "pull", "--cache", url).code == 0)
    #expect(try sandbox.run("cache", "verify").code == 0)
  }
}
