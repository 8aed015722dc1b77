import Glibc
import TestSupport
import Testing

/// A system whose clock jumps, whose disk has bad sectors, or whose file system has no locks.
@Suite(.serialized)
struct SystemFaultTests {
  private let sandbox: Sandbox
  private let before: [String: [UInt8]]

  init() throws {
    sandbox = try Example.accepted()
    before = try sandbox.results()
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.folder.path)/other"
    let library = "\(sandbox.folder.path)/faults.so"
    let source = "\(Sandbox.package)/Tests/MechanicsTests/Faults/system.c"
    let build = try Program(
      ["cc", "-shared", "-fPIC", "-o", library, source], in: sandbox.folder.path,
      environment: ["PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"],
      logs: "\(library).log"
    ).wait()
    guard build.code == 0 else { throw Failure("\(build)") }
    sandbox.environment["LD_PRELOAD"] = library
  }

  /// Ten years to and fro, with every record; ages are only used to collect.
  @Test func aClockThatJumpsChangesNothing() throws {
    sandbox.environment["FAULT_CLOCK"] = "315360000"
    let run = try sandbox.run("reproduce")
    #expect(run.code == 0 && run.executed == 27, "\(run)")
    #expect(try sandbox.results() == before)
    let again = try sandbox.run("reproduce")
    #expect(again.code == 0 && again.executed == 0, "\(again)")
    #expect(try sandbox.run("cache", "verify").code == 0)
    sandbox.environment["FAULT_CLOCK"] = nil
    let collection = try sandbox.run("cache", "gc", "--age", "30", "--dry-run")
    #expect(collection.code == 0, "\(collection)")
    #expect(
      collection.err.contains(/^[1-9][0-9]* records would be removed, [1-9][0-9]* kept/),
      "some were made ten years ago, and some in ten years: \(collection)")
  }

  /// What lies in a bad sector is made again, and lies elsewhere then.
  @Test func aBadSectorIsDamageLikeAnyOther() throws {
    #expect(try sandbox.run("run").code == 0)
    let pack = "\(sandbox.folder.path)/other/segments/000001.pack"
    sandbox.environment["FAULT_PACK"] = String(try Folder.bytes(pack).count / 2)
    let found = try sandbox.run("cache", "verify")
    #expect(found.code == 1 && found.err.contains("damaged: "), "\(found)")
    let run = try sandbox.run("run")
    #expect(run.code == 0 && (1..<27).contains(run.executed ?? 0), "\(run)")
    #expect(try sandbox.results() == before)
    let all = try sandbox.run("run", "--force")
    #expect(all.code == 0 && all.executed == 27, "\(all)")
    #expect(try sandbox.run("cache", "gc", "--age", "30").code == 0)
  }

  @Test func aCacheWithoutLocksIsRefusedAndSaysWhatToDo() throws {
    sandbox.environment["FAULT_LOCKS"] = "1"
    let run = try sandbox.run("run")
    #expect(run.code == 4 && run.err.contains("this file system has no locks"), "\(run)")
    #expect(run.err.contains("--cache file://"), "\(run)")
  }

  /// The folder of a shared cache needs none.
  @Test func aSharedCacheNeedsNoLocks() throws {
    let shared = "file://\(sandbox.folder.path)/shared"
    #expect(try sandbox.run("run", "--cache", shared).code == 0)
    #expect(try sandbox.folder.files("shared").keys.allSatisfy { !$0.hasSuffix(".lock") })
  }
}
