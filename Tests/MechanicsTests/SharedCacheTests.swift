import Canonical
import Glibc
import TestSupport
import Testing

/// What one machine has made, another does not make again; a second machine is another home and cache.
@Suite(.serialized)
struct SharedCacheTests {
  private let sandbox: Sandbox
  private let before: [String: [UInt8]]

  init() throws {
    sandbox = try Example.accepted()
    before = try sandbox.results()
  }

  private func moveToAnotherMachine(_ name: String = "other") {
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.folder.path)/\(name)/cache"
    sandbox.environment["HOME"] = "\(sandbox.folder.path)/\(name)/home"
  }

  /// Pushes, moves, and reproduces with nothing executed.
  private func checkSharing(_ arguments: String...) throws {
    let push = try sandbox.start(["cache", "push"] + arguments).wait()
    #expect(push.code == 0, "\(push)")
    let again = try sandbox.start(["cache", "push"] + arguments).wait()
    #expect(again.code == 0, "\(again)")
    moveToAnotherMachine()
    let exit = try sandbox.start(["reproduce"] + arguments).wait()
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.lastLine.hasPrefix("27 stages: 0 executed, 0 local, 27 remote"), "\(exit)")
    #expect(exit.lastLine.hasSuffix("digests equal"))
    #expect(try sandbox.results() == before)
    let offline = try sandbox.run("reproduce")
    #expect(offline.executed == 0 && offline.local == 27, "\(offline)")
    let pull = try sandbox.start(["cache", "pull"] + arguments).wait()
    #expect(pull.code == 0, "\(pull)")
    let verify = try sandbox.run("cache", "verify")
    #expect(verify.code == 0, "\(verify)")
    for exit in [push, again, exit, pull] {
      #expect(!exit.err.contains("secret") && !exit.out.contains("secret"))
    }
  }

  private var folder: String { "file://\(sandbox.folder.path)/shared" }

  @Test func bySharedFolder() throws {
    try checkSharing("--cache", folder)
    let verify = try sandbox.run("cache", "verify", "--cache", folder)
    #expect(verify.code == 0, "\(verify)")
    #expect(try sandbox.run("cache", "info", "--json", "--cache", folder).json?["records"] == 27)
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let push = try sandbox.run("cache", "push", "--cache", folder)
    #expect(
      push.err.contains("\(folder) is no folder yet: the first upload makes it one"), "\(push)")
    let again = try sandbox.run("cache", "push", "--cache", folder)
    #expect(again.code == 0 && !again.err.contains("no folder"), "\(again)")
    let misspelt = try sandbox.run("run", "--cache", "\(folder)s#read-only")
    #expect(misspelt.code == 0, "\(misspelt)")
    #expect(misspelt.err.contains("\(folder)s is no folder yet: nothing comes from it"))
  }

  @Test func byNginxWithAPassword() throws {
    guard let server = try Server.nginx(in: Folder()) else {
      return try #require(!isCI, "nginx is missing")
    }
    sandbox.environment["MECHANICS_REMOTE_CACHE"] = server.url
    try checkSharing("--cache-required")
    sandbox.environment["MECHANICS_REMOTE_CACHE"] = nil
    let port = server.lines[1]
    try Folder.write(
      "\(sandbox.folder.path)/third/home/.netrc",
      Array("machine 127.0.0.1 login me password secret\n".utf8))
    moveToAnotherMachine("third")
    let exit = try sandbox.run(
      "reproduce", "--cache", "http://127.0.0.1:\(port)", "--cache-required")
    #expect(exit.code == 0 && exit.executed == 0, "\(exit)")
  }

  /// A certificate that nobody vouches for is refused; one of an authority that is named is not.
  @Test func byTLS() throws {
    let folder = try Folder()
    let made = try sandbox.system(
      "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=lab",
      "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(folder.path)/key.pem", "-out",
      "\(folder.path)/certificate.pem")
    try #require(made.code == 0, "\(made)")
    guard let server = try Server.nginx(in: Folder(), certificate: folder.path) else {
      return try #require(!isCI, "nginx is missing")
    }
    sandbox.environment["MECHANICS_REMOTE_CACHE"] = server.url
    let refused = try sandbox.run("cache", "push")
    #expect(refused.code == 4 && refused.err.contains("certificate"), "\(refused)")
    #expect(Folder.names(server.lines[2]).isEmpty, "nothing was sent")
    sandbox.environment["CURL_CA_BUNDLE"] = "\(folder.path)/certificate.pem"
    try checkSharing("--cache-required")
  }

  @Test func byS3WithSignatures() throws {
    guard let server = try Server.s3() else { return try #require(!isCI, "moto is missing") }
    sandbox.environment["AWS_ENDPOINT_URL"] = server.url
    sandbox.environment["AWS_ACCESS_KEY_ID"] = server.lines[1]
    sandbox.environment["AWS_SECRET_ACCESS_KEY"] = server.lines[2]
    try checkSharing("--cache", "s3://lab/some/prefix", "--cache-required")
    let verify = try sandbox.run("cache", "verify", "--cache", "s3://lab/some/prefix")
    #expect(verify.code == 0, "\(verify)")
    #expect(verify.out.contains("and 27 records: 0 damaged"), "\(verify)")
    sandbox.environment["AWS_SECRET_ACCESS_KEY"] = "other"
    moveToAnotherMachine("third")
    let denied = try sandbox.run("run", "--cache", "s3://lab/some/prefix")
    #expect(denied.code == 0 && denied.executed == 27, "\(denied)")
    #expect(denied.err.contains("warning: left out from now on: s3://lab/some/prefix"), "\(denied)")
  }

  @Test func whatARunMakesIsSharedByIt() throws {
    moveToAnotherMachine("first")
    #expect(try sandbox.run("run", "--cache", folder).executed == 27)
    moveToAnotherMachine("second")
    let exit = try sandbox.run("reproduce", "--cache", folder)
    #expect(exit.code == 0 && exit.executed == 0, "\(exit)")
  }

  /// The descent of another step size needs the outputs, and not only the names, of what is before it.
  @Test func outputsThatAStageNeedsAreFetched() throws {
    _ = try sandbox.run("cache", "push", "--cache", folder)
    moveToAnotherMachine()
    let exit = try sandbox.run("run", "--set", "train.iterations=30", "--cache", folder)
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.lastLine.contains(/, [1-9][0-9]* remote/), "\(exit)")
  }

  /// What is known to be somewhere else, and not reached, is made here, and that is said once.
  @Test func whatOnlyASharedCacheHasIsMadeHere() throws {
    _ = try sandbox.run("cache", "push", "--cache", folder)
    moveToAnotherMachine()
    _ = try sandbox.run("reproduce", "--cache", folder)
    let plan = try sandbox.run("plan")
    #expect(plan.out.contains(/\n[1-9][0-9]* of the cached are in a shared cache only/), "\(plan)")
    let stage = "small/gd[train.step.size=0.1,seed=2]"
    let absent = try sandbox.run("export", stage)
    #expect(absent.code == 1 && absent.err.contains("--cache fetches from there"), "\(absent)")
    let exported = try sandbox.run("export", stage, "--cache", folder)
    #expect(exported.code == 0 && exported.err.contains("1 stage in"), "\(exported)")
    let exit = try sandbox.run("run", "--set", "train.iterations=30")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.err.ranges(of: "only a shared cache has").count == 1, "\(exit)")
    #expect(!exit.err.contains("damaged"), "\(exit)")
    let told = exit.lastLine.split(separator: " ")
    #expect(exit.executed! + exit.local! == Int(told[0])!, "no stage is counted twice: \(exit)")
  }

  @Test func aReadOnlyCacheIsNotWritten() throws {
    _ = try sandbox.run("run", "--force", "--cache", "\(folder)#read-only")
    #expect(!sandbox.folder.exists("shared"))
  }

  @Test func twoUsersAtOnce() throws {
    let programs = try ["one", "two"].map { name in
      moveToAnotherMachine(name)
      return try sandbox.start(["run", "--cache", folder, "--results", name])
    }
    for exit in try programs.map({ try $0.wait() }) { #expect(exit.code == 0, "\(exit)") }
    #expect(try sandbox.run("cache", "verify", "--cache", folder).code == 0)
    #expect(try sandbox.results("one") == sandbox.results("two"))
  }

  @Test func whatABadMachineMadeIsRemovedByItsName() throws {
    _ = try sandbox.run("cache", "push", "--cache", folder)
    #expect(try sandbox.folder.files("shared").count > 50)
    _ = try sandbox.run("cache", "gc", "--producer", "mechanics", "--cache", folder, "--grace", "0")
    #expect(try sandbox.folder.files("shared").count == 1, "only the format is left")
  }

  /// Which keys a manifest needs follows from what the shared cache itself has.
  @Test func whatManifestsNeedStaysThoughThisMachineHasNothing() throws {
    _ = try sandbox.run("run", "--set", "train.iterations=30", "--cache", folder)
    _ = try sandbox.run("cache", "push", "--cache", folder)
    moveToAnotherMachine()
    let collection = try sandbox.run(
      "cache", "gc", "--keep", "manifests", "--cache", folder, "--grace", "0")
    #expect(collection.code == 0 && collection.err.contains("27 kept"), "\(collection)")
    #expect(!collection.err.contains(/^0 records/), "\(collection)")
    let exit = try sandbox.run("reproduce", "--cache", folder)
    #expect(exit.code == 0 && exit.executed == 0, "\(exit)")
  }

  @Test func aPasswordWhereOthersSeeItIsRefused() throws {
    let exit = try sandbox.run("run", "--cache", "http://me:secret@127.0.0.1:1/x")
    #expect(exit.code == 2 && exit.err.contains("~/.netrc") && !exit.err.contains("secret"))
    try sandbox.write("mechanics.yaml", "shared-caches: ['http://me:secret@127.0.0.1:1/x']\n")
    let file = try sandbox.run("config")
    #expect(file.code == 2 && !file.err.contains("secret"), "\(file)")
  }

  @Test func doctorAndConfigShowThem() throws {
    sandbox.environment["MECHANICS_REMOTE_CACHE"] = "\(folder) http://me:secret@127.0.0.1:1/x"
    let doctor = try sandbox.run("doctor")
    #expect(doctor.code == 0 && doctor.out.contains("ok    shared cache: \(folder)"), "\(doctor)")
    #expect(doctor.out.contains("warn  shared cache: http://127.0.0.1:1/x"), "\(doctor)")
    let config = try sandbox.run("config")
    #expect(config.out.contains("\(folder) http://127.0.0.1:1/x"), "\(config)")
    #expect(!(doctor.out + config.out).contains("secret"))
  }
}
