import Glibc
import TestSupport
import Testing

/// The help of every command is a file in Help/; `MECHANICS_UPDATE_HELP=1` writes them anew.
struct HelpTests {
  private static let folder = "\(Sandbox.package)/Tests/MechanicsTests/Help"

  private static let commands = [
    "", "run", "reproduce", "accept", "plan", "explain", "validate", "schema", "show", "init",
    "query", "diff", "export", "report", "svm", "predict", "cache", "cache info", "cache verify",
    "cache gc", "config", "doctor", "status", "attach",
  ]

  @Test(arguments: commands)
  func itIsAsRecorded(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let exit = try Sandbox().start(words + ["--help"]).wait()
    #expect(exit.code == 0)
    #expect(exit.err == "")
    let name = (["mechanics"] + words).joined(separator: "-")
    let file = "\(HelpTests.folder)/\(name).txt"
    if getenv("MECHANICS_UPDATE_HELP") != nil { try Folder.write(file, Array(exit.out.utf8)) }
    #expect(exit.out == (try Folder.text(file)), "MECHANICS_UPDATE_HELP=1 writes \(name).txt anew")
  }

  @Test func everyCommandHasItsFile() throws {
    let top = try Sandbox().run("--help").out
    let start = try #require(top.firstRange(of: "SUBCOMMANDS:"))
    let listed = top[start.upperBound...].matches(of: /\n  (\w+)  +/).map { String($0.1) }
    #expect(Set(listed) == Set(HelpTests.commands.filter { !$0.contains(" ") && $0 != "" }))
  }

  @Test func theVersionIsOnStandardOutput() throws {
    let exit = try Sandbox().run("--version")
    #expect(exit.code == 0)
    #expect(exit.out.contains(/^\d+\.\d+\.\d+\n$/))
  }
}
