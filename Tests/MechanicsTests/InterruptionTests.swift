import Glibc
import TestSupport
import Testing

/// Ctrl-C ends a run cleanly: what is finished is kept.
struct InterruptionTests {
  /// Long enough to be interrupted also where the tests have to wait for the processor.
  private static let files = [
    "manifests/long.yaml": Example.long.replacing("seeds: 1..20", with: "seeds: 1..200")
  ]

  @Test(arguments: [SIGINT, SIGTERM])
  func itKeepsWhatIsFinished(signal: Int32) throws {
    let sandbox = try Sandbox(InterruptionTests.files)
    let program = try sandbox.start(["run", "--jobs", "1"])
    while !hasWork(sandbox) { usleep(1_000) }
    program.signal(signal)
    let exit = try program.wait()
    #expect(exit.code == 130, "\(exit)")
    #expect(exit.lastLine.contains(/^interrupted: \d+ of \d+ stages finished and kept/))
    #expect(!sandbox.exists("results"))
    let told = exit.lastLine.split(separator: " ").lazy.compactMap { Int($0) }.first
    let rest = try sandbox.run("run")
    #expect(rest.code == 0)
    #expect(rest.executed! > 0 && rest.local! >= max(1, told!), "\(exit)\n\(rest)")
    let undisturbed = try Sandbox(InterruptionTests.files)
    _ = try undisturbed.run("run")
    #expect(try sandbox.results() == undisturbed.results())
  }

  /// Whether some stage is in the cache: its record is in a log, to which it comes after its blobs.
  private func hasWork(_ sandbox: Sandbox) -> Bool {
    let folder = "\(sandbox.folder.path)/cache/segments"
    return Folder.names(folder).contains { name in
      guard name.hasSuffix(".log") else { return false }
      var status = stat()
      return stat("\(folder)/\(name)", &status) == 0 && status.st_size > 0
    }
  }
}
