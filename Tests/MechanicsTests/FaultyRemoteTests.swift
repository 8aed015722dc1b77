import TestSupport
import Testing

/// A shared cache that fails, in whatever way, costs a warning and nothing else.
@Suite(.serialized)
struct FaultyRemoteTests {
  private let sandbox: Sandbox
  private let before: [String: [UInt8]]

  init() throws {
    sandbox = try Example.accepted()
    before = try sandbox.results()
    let push = try sandbox.run("cache", "push", "--cache", "file://\(sandbox.folder.path)/shared")
    guard push.code == 0 else { throw Failure("\(push)") }
    try flatten()
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.folder.path)/empty"
  }

  /// The files of the shared folder in the layout of an HTTP cache, which has no folders of two digits.
  private func flatten() throws {
    for (name, bytes) in try sandbox.folder.files("shared") where name != "format" {
      let parts = name.split(separator: "/")
      try Folder.write("\(sandbox.folder.path)/flat/\(parts[0])/\(parts[2])", bytes)
    }
  }

  @Test(arguments: ["500", "401", "truncated", "wrong", "slow"])
  func theRunIsTheSameWithoutIt(fault: String) throws {
    let server = try Server.faulty(fault, "\(sandbox.folder.path)/flat")
    let exit = try sandbox.run("reproduce", "--cache", server.url)
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.executed == 27 && exit.err.contains(/warning: (left out|refused)/), "\(exit)")
    #expect(exit.err.contains(server.url), "the remote is named: \(exit)")
    #expect(try sandbox.results() == before)
    #expect(try sandbox.run("cache", "verify").code == 0)
  }

  @Test func aSoundServerOfThisKindIsUsed() throws {
    let server = try Server.faulty("none", "\(sandbox.folder.path)/flat")
    let exit = try sandbox.run("reproduce", "--cache", server.url)
    #expect(exit.code == 0 && exit.executed == 0, "\(exit)")
  }

  @Test func oneThatIsDownIsLeftOut() throws {
    let exit = try sandbox.run("reproduce", "--cache", "http://127.0.0.1:1/x")
    #expect(exit.code == 0 && exit.executed == 27, "\(exit)")
    #expect(exit.err.components(of: "warning: left out") == 1, "\(exit)")
  }

  @Test func oneThatIsDownAndRequiredIsAnError() throws {
    let exit = try sandbox.run("reproduce", "--cache", "http://127.0.0.1:1/x", "--cache-required")
    #expect(exit.code == 4, "\(exit)")
  }

  @Test func aFolderOfANewerFormatIsAClearError() throws {
    try sandbox.folder.write("newer/format", "mechanics shared cache 2\n")
    let exit = try sandbox.run(
      "run", "--cache", "file://\(sandbox.folder.path)/newer", "--cache-required")
    #expect(exit.code == 4 && exit.err.contains("use a newer mechanics"), "\(exit)")
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
