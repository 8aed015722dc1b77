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
    let words = ["cache", "gc", "--size", "0", "--grace", "0", "--dry-run"]
    let exit = try sandbox.start(words + ["--verbose"]).wait()
    #expect(exit.out.split(separator: "\n").count == 27)
    let table = try sandbox.start(words).wait().out.split(separator: "\n").dropFirst()
    let counts = table.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
    #expect(counts.count == table.count && counts.reduce(0, +) == 27 && counts.count < 10)
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

  @Test func whatTheManifestsNeedStaysHoweverOldOrLarge() throws {
    _ = try sandbox.run("run", "--set", "train.iterations=30")
    let keep = ["cache", "gc", "--keep", "manifests", "--grace", "0"]
    let old = try sandbox.start(keep + ["--age", "1"]).wait()
    #expect(old.code == 0 && old.err.contains("0 records removed, 42 kept"), "\(old)")
    let large = try sandbox.start(keep + ["--size", "0"]).wait()
    #expect(large.code == 0 && large.err.contains("15 records removed, 27 kept"), "\(large)")
    #expect(try sandbox.run("run").executed == 0)
  }

  @Test(arguments: ["--age", "--size", "--grace"])
  func whatIsNoNumberOfDaysOrBytesIsRefused(flag: String) throws {
    for number in ["inf", "nan", "1e300", "-1"] {
      let exit = try sandbox.run("cache", "gc", "--producer", "x", "\(flag)=\(number)")
      #expect(exit.code == 2 && exit.err.contains("\(flag) must be a number from 0"), "\(exit)")
    }
  }

  @Test func verifyPrintsJSON() throws {
    let value = try #require(try sandbox.run("cache", "verify", "--json").json)
    #expect(value["records"] == 27 && value["damaged"] == [] && value["incomplete"] == 0)
  }

  @Test func whatWasCollectedIsMadeAgain() throws {
    let before = try sandbox.results()
    _ = try sandbox.run("cache", "gc", "--size", "0", "--grace", "0")
    #expect(try sandbox.run("run").executed == 27)
    #expect(try sandbox.results() == before)
  }

  @Test func nothingIsCollectedWhileARunUsesIt() throws {
    let sandbox = try Sandbox(["long.yaml": Example.long.replacing("1..20", with: "1..2000")])
    let program = try sandbox.start(["run", "long.yaml"])
    try eventually("work", by: program) { sandbox.hasWork }
    let exit = try sandbox.run("cache", "gc", "--size", "0", "--grace", "0")
    #expect(exit.code == 4 && exit.err.contains("is in use by a running mechanics"), "\(exit)")
    program.signal(SIGINT)
    #expect(try program.wait().code == 130)
    #expect(try sandbox.run("cache", "verify").code == 0)
  }

  /// A campaign on a cluster goes by age, but only where it is known to have ended; here is no scheduler
  /// to say so.
  @Test func oldCampaignsThatHaveEndedAreCollected() throws {
    let campaign = "{\"name\": \"x\", \"stages\": 2, \"tasks\": [1]}"
    let end = "{\"end\": true}\n"
    let root = "cache/slurm/0123456789"
    for (number, files) in [
      ["campaign.json": campaign, "0-0.ledger": end, "0-0.log": "done"],
      ["campaign.json": campaign, "0-0.ledger": "", "0-0.slice": "x"], ["0-0.slice": "half"],
      ["campaign.json": campaign, "0-0.ledger": end],
    ].enumerated() {
      for (name, text) in files { try sandbox.folder.write("\(root)/\(number + 1)/\(name)", text) }
      if number < 3 { try age("\(root)/\(number + 1)") }
    }
    try sandbox.folder.write("\(root)/run.json", "{}")
    let plan = try sandbox.run("cache", "gc", "--age", "30", "--dry-run")
    #expect(plan.code == 0 && plan.out.contains("campaign 0123456789/1, 3 files, "), "\(plan)")
    #expect(plan.out.contains("it has ended, and is older than the age given\n"), "\(plan)")
    #expect(plan.out.contains(/0123456789\/3, .*: it was never submitted, and is older/), "\(plan)")
    #expect(plan.err.contains(/0123456789\/2, .*: kept, as 1 of its tasks have no end/), "\(plan)")
    #expect(plan.err.contains("2 campaigns would be removed, 2 kept"), "\(plan)")
    #expect(Folder.names("\(sandbox.folder.path)/\(root)") == ["1", "2", "3", "4", "run.json"])
    let exit = try sandbox.run("cache", "gc", "--age", "30")
    #expect(exit.code == 0 && exit.err.contains("2 campaigns removed, 2 kept"), "\(exit)")
    #expect(Folder.names("\(sandbox.folder.path)/\(root)") == ["2", "4", "run.json"])
    #expect(exit.err.contains("0 records removed, 27 kept"), "\(exit)")
  }

  /// Makes a folder and what is in it forty days old.
  private func age(_ name: String) throws {
    let folder = "\(sandbox.folder.path)/\(name)"
    let times = [timespec](
      repeating: timespec(tv_sec: time(nil) - 40 * 86_400, tv_nsec: 0), count: 2)
    for path in Folder.names(folder).map({ "\(folder)/\($0)" }) + [folder] {
      #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    }
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
