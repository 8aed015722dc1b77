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
    try eventually("work", by: program, every: 1_000) { sandbox.hasWork }
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

  /// Tables are written by then; the tool that draws takes its time.
  @Test func whileFiguresAreDrawnTheResultsAreKept() throws {
    let sandbox = try Example.sandbox()
    let tool = "\(sandbox.folder.path)/tool"
    let script = """
      #!/bin/sh
      [ "$2" = "import brotli, fontTools, vl_convert" ] && exit 0
      echo $$ > \(tool).drawing
      while [ -e \(tool) ]; do sleep 0.1; done

      """
    try Folder.write(tool, Array(script.utf8))
    chmod(tool, 0o755)
    sandbox.environment["MECHANICS_PYTHON"] = tool
    sandbox.environment["PATH"] = "/usr/bin:/bin"
    let program = try sandbox.start(["run"])
    try eventually("the drawing", by: program) { access("\(tool).drawing", F_OK) == 0 }
    program.signal(SIGINT)
    let exit = try program.wait()
    #expect(exit.code == 130 && exit.err.contains("interrupted: all results are kept"), "\(exit)")
    #expect(sandbox.exists("results/small/summary.csv"))
    let drawing = try #require(Int32(try sandbox.folder.text("tool.drawing").dropLast()))
    #expect(kill(drawing, 0) == -1, "the tool has ended too")
  }
}

extension Sandbox {
  /// Whether some stage is in the cache: its record is in a log, to which it comes after its blobs.
  var hasWork: Bool {
    let segments = "\(folder.path)/cache/segments"
    return Folder.names(segments).contains { name in
      guard name.hasSuffix(".log") else { return false }
      var status = stat()
      return stat("\(segments)/\(name)", &status) == 0 && status.st_size > 0
    }
  }
}
