import Glibc
import TestSupport
import Testing

/// Two users of one group share a folder; what they may do is what the folder says.
@Suite(.serialized, .enabled(if: getuid() == 0, "only root can be two users"))
struct TwoUsersTests {
  private let folder: Folder
  private let group: gid_t = 64_010

  init() throws {
    folder = try Folder()
    chmod(folder.path, 0o755)
    // By another process: a program that another test starts meanwhile could inherit the descriptor
    // that writes the file, which nobody can execute as long as it is open.
    let copy = try Program(
      ["/usr/bin/install", "-m", "755", Sandbox.binary, "\(folder.path)/mechanics"],
      in: folder.path, environment: [:], logs: "\(folder.path)/install"
    ).wait()
    guard copy.code == 0 else { throw Failure("\(copy)") }
    Folder.makeFolder("\(folder.path)/shared")
    chown("\(folder.path)/shared", 0, group)
    chmod("\(folder.path)/shared", 0o2770)
  }

  /// The machine of a user whose files nobody else may see, and whose umask gives nothing to others.
  private func sandbox(_ user: uid_t, in group: gid_t) throws -> Sandbox {
    let sandbox = try Example.sandbox()
    let path = sandbox.folder.path
    for name in ["", "/project", "/project/manifests"] {
      chown("\(path)\(name)", user, group)
      chmod("\(path)\(name)", 0o700)
    }
    sandbox.program = "\(folder.path)/mechanics"
    sandbox.launcher = [
      "/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups",
      "/bin/sh", "-c", "umask 077; exec \"$@\"", "sh",
    ]
    return sandbox
  }

  private var url: String { "file://\(folder.path)/shared" }

  @Test func bothWriteAtOnceAndReadWhatTheOtherMade() throws {
    let users = try [64_001, 64_002].map { try sandbox(uid_t($0), in: group) }
    let both = try users.map { try $0.start(["run", "--cache", url, "--cache-required"]) }
    for exit in try both.map({ try $0.wait() }) { #expect(exit.code == 0, "\(exit)") }
    #expect(try users[0].results() == users[1].results())
    for user in users {
      user.environment["MECHANICS_CACHE"] = "\(user.folder.path)/empty"
      let again = try user.run("run", "--cache", url, "--cache-required")
      #expect(again.code == 0 && again.executed == 0, "\(again)")
      let verify = try user.run("cache", "verify", "--cache", url)
      #expect(verify.code == 0, "\(verify)")
    }
    let third = try sandbox(64_003, in: group)
    for (user, count) in zip(users, [30, 40]) {
      let words = ["run", "--set", "train.iterations=\(count)", "--cache", url]
      let made = try user.start(words).wait()
      #expect(made.code == 0 && made.executed! > 0, "\(made)")
      let found = try third.start(words).wait()
      #expect(found.code == 0 && found.executed == 0, "\(found)")
    }
    try checkModes()
  }

  /// The group reads and adds, nobody writes to what is there, and others see nothing.
  private func checkModes() throws {
    var owners: Set<uid_t> = []
    for name in try folder.files("shared").keys {
      var status = stat()
      #expect(stat("\(folder.path)/shared/\(name)", &status) == 0)
      #expect(status.st_mode & 0o777 == 0o440 && status.st_gid == group, "\(name)")
      owners.insert(status.st_uid)
    }
    #expect(owners == [64_001, 64_002])
  }

  @Test func whoIsNotOfTheGroupGetsAWarningAndGoesOn() throws {
    let member = try sandbox(64_001, in: group)
    #expect(try member.run("run", "--cache", url).code == 0)
    let stranger = try sandbox(64_009, in: 64_019)
    let exit = try stranger.run("run", "--cache", url)
    #expect(exit.code == 0 && exit.executed == 27, "\(exit)")
    #expect(exit.err.contains("warning: left out from now on: \(url): "), "\(exit)")
    #expect(exit.err.contains("ask its owner for access"), "\(exit)")
    stranger.environment["MECHANICS_CACHE"] = "\(stranger.folder.path)/empty"
    let required = try stranger.run("run", "--cache", url, "--cache-required")
    #expect(required.code == 4, "\(required)")
  }
}
