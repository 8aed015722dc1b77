import TestSupport
import Testing

/// Limits of time and memory: the stage that goes beyond fails and says so, the others go on.
@Suite(.serialized)
struct LimitTests {
  private func run(_ limits: String, _ manifest: String = Example.small) throws -> Program.Exit {
    let sandbox = try Sandbox(["manifests/small.yaml": manifest])
    try sandbox.write("mechanics.yaml", "limits: \(limits)\n")
    let exit = try sandbox.run("run")
    guard exit.code == 0 else { return exit }
    let free = try Sandbox(["manifests/small.yaml": manifest])
    #expect(try free.run("run").code == 0)
    #expect(try sandbox.results() == free.results(), "what has limits is the same")
    return exit
  }

  @Test func whatStaysWithinThemIsTheSame() throws {
    let exit = try run(
      "{data: {seconds: 60}, gd: {seconds: 60, megabytes: 1000}, summary: {megabytes: 1000}}")
    #expect(exit.code == 0 && exit.executed == 27, "\(exit)")
  }

  @Test func whatTakesTooLongIsEnded() throws {
    let exit = try run(
      "{gd: {seconds: 1}}",
      Example.small.replacing(
        "iterations: 20, record: {every: 10}", with: "iterations: 1000000000, record: {log: 4}"))
    #expect(exit.code == 1, "\(exit)")
    #expect(
      exit.err.contains("it took longer than its limit of 1 s (limits: gd.seconds)"), "\(exit)")
    #expect(exit.executed == 12, "what does not need descent is executed: \(exit)")
  }

  @Test func whatNeedsTooMuchMemoryIsEnded() throws {
    let exit = try run(
      "{data: {megabytes: 60}}",
      Example.small.replacing("length: 3, sequences: 3", with: "length: 64, sequences: 400000"))
    #expect(exit.code == 1, "\(exit)")
    #expect(
      exit.err.contains("it needed more than its limit of 60 MB (limits: data.megabytes)"),
      "\(exit)")
  }

  /// A stage that fails for its own reasons says these.
  @Test func itsOwnReasonsAreKept() throws {
    let exit = try run("{data: {seconds: 60}}", Example.failing)
    #expect(exit.code == 1 && exit.err.contains("failing/data[seed=1]: "), "\(exit)")
    #expect(!exit.err.contains("its process"), "\(exit)")
  }
}
