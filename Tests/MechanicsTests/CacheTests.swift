import Canonical
import Glibc
import TestSupport
import Testing

/// `cache` looks after the store.
struct CacheTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
  }

  @Test func infoCountsRecords() throws {
    let info = try #require(try sandbox.run("cache", "info", "--json").json)
    #expect(info["records"] == 27 && info["segments"] == 1)
    #expect(info["path"] == .string("\(sandbox.folder.path)/cache"))
    #expect(try sandbox.run("cache", "info").out.contains(/records +27\n/))
  }

  @Test func verifyCountsBlobs() throws {
    let exit = try sandbox.run("cache", "verify")
    #expect(exit.code == 0)
    #expect(exit.out.contains("27 records: 0 damaged, 0 stages to be made again"))
  }

  @Test func nothingYoungIsCollected() throws {
    let exit = try sandbox.run("cache", "gc", "--age", "0")
    #expect(exit.code == 0)
    #expect(exit.err.contains("0 records removed, 27 kept"))
  }

  @Test func aDryRunRemovesNothing() throws {
    let exit = try sandbox.run("cache", "gc", "--size", "0", "--grace", "0", "--dry-run")
    #expect(exit.out.split(separator: "\n").count == 27)
    #expect(exit.err.contains("27 records would be removed"))
    #expect(try sandbox.run("run").executed == 0)
  }

  @Test func whatTheManifestsDoNotNeedIsCollected() throws {
    _ = try sandbox.run("run", "--set", "train.iterations=30")
    let exit = try sandbox.run("cache", "gc", "--keep", "manifests", "--grace", "0")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.err.contains("15 records removed, 27 kept"))
    #expect(exit.out.contains("not needed by the manifests given"))
    #expect(try sandbox.run("run").executed == 0)
    #expect(try sandbox.run("cache", "verify").code == 0)
  }

  @Test func whatWasCollectedIsMadeAgain() throws {
    let before = try sandbox.results()
    _ = try sandbox.run("cache", "gc", "--size", "0", "--grace", "0")
    #expect(try sandbox.run("run").executed == 27)
    #expect(try sandbox.results() == before)
  }

  @Test func nothingIsCollectedWhileARunUsesIt() throws {
    try sandbox.write("long.yaml", Example.long)
    let program = try sandbox.start(["run", "long.yaml"])
    usleep(60_000)
    let exit = try sandbox.run("cache", "gc", "--size", "0", "--grace", "0")
    let run = try program.wait()
    #expect(run.code == 0, "\(run)")
    if exit.code != 0 {
      #expect(exit.code == 4)
      #expect(exit.err.contains("is in use by a running mechanics"))
    }
    #expect(try sandbox.run("cache", "verify").code == 0)
  }

  @Test func theXDGFolderIsUsedWithoutASetting() throws {
    sandbox.environment["MECHANICS_CACHE"] = nil
    sandbox.environment["XDG_CACHE_HOME"] = "\(sandbox.folder.path)/xdg"
    _ = try sandbox.run("run")
    #expect(sandbox.folder.exists("xdg/mechanics/format"))
    sandbox.environment["XDG_CACHE_HOME"] = nil
    _ = try sandbox.run("run")
    #expect(sandbox.folder.exists("home/.cache/mechanics/format"))
  }
}
