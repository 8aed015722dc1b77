import Foundation
import TestSupport

/// Shared caches over loopback: small blobs from nginx beside curl, and runs that find everything there.
enum SharedCacheBenchmark {
  static func run(in folder: URL) throws {
    guard let server = try Server.nginx(in: Folder()) else {
      return print("nginx is not installed: nothing is measured")
    }
    header(["what", "program", "count", "s", "a second"])
    try pull(server)
    try warmRun(server)
  }

  /// 5,000 blobs and more, each a request.
  private static func pull(_ server: Server) throws {
    let sandbox = try sandbox(
      """
      experiment: small
      title: Small blobs
      data: {vocabulary: 3, dimension: 3, length: 2, sequences: 2}
      train: {iterations: 1, record: {log: 1}}
      seeds: 1..1000

      """, server)
    try check(sandbox.run("run", "--no-draw"))
    move(sandbox)
    let pull = try sandbox.run("cache", "pull")
    guard let found = pull.err.firstMatch(of: /([0-9]+) blobs fetched in ([0-9.]+) s/),
      let count = Double(found.1), let seconds = Double(found.2)
    else { throw Failure("\(pull)") }
    report("blobs pulled, hashed and stored", "mechanics", count, seconds)
    try curl(server, sandbox)
  }

  /// The same blobs by curl, which neither hashes nor stores them in one place.
  private static func curl(_ server: Server, _ sandbox: Sandbox) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(server.lines[2])/cas")
    try sandbox.folder.write(
      "curl.txt", names.map { "url=\"\(server.url)/cas/\($0)\"\noutput=\"/dev/null\"\n" }.joined())
    let start = ContinuousClock.now
    let exit = try sandbox.system(
      "curl", "-s", "-Z", "--parallel-max", "48", "-K", "\(sandbox.folder.path)/curl.txt")
    guard exit.code == 0 else { return row(["", "curl", "not installed", "", ""]) }
    report(
      "blobs fetched", "curl -Z, 48 at a time", Double(names.count),
      (ContinuousClock.now - start) / .seconds(1))
  }

  /// The two central experiments, with nothing here and everything there.
  private static func warmRun(_ server: Server) throws {
    let sandbox = try Sandbox()
    sandbox.program = binary
    for name in ["acyclic", "cyclic"] {
      try sandbox.write(
        "manifests/\(name).yaml", String(contentsOfFile: "manifests/\(name).yaml", encoding: .utf8))
    }
    sandbox.environment["MECHANICS_REMOTE_CACHE"] = server.url
    try check(sandbox.run("run", "--no-draw"))
    move(sandbox)
    let start = ContinuousClock.now
    let exit = try sandbox.run("run", "--no-draw")
    let wall = (ContinuousClock.now - start) / .seconds(1)
    precondition(exit.code == 0 && exit.lastLine.contains(" 0 executed, 0 local"), "\(exit)")
    report(
      "stages of `acyclic` and `cyclic`, all in the shared cache", "mechanics run",
      Double(exit.lastLine.prefix { $0 != " " }) ?? .nan, wall)
  }

  private static func sandbox(_ manifest: String, _ server: Server) throws -> Sandbox {
    let sandbox = try Sandbox(["manifests/small.yaml": manifest])
    sandbox.program = binary
    sandbox.environment["MECHANICS_REMOTE_CACHE"] = server.url
    return sandbox
  }

  /// To a machine that has nothing.
  private static func move(_ sandbox: Sandbox) {
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.folder.path)/elsewhere"
  }

  private static func check(_ exit: Program.Exit) throws {
    guard exit.code == 0 else { throw Failure("\(exit)") }
  }

  private static func report(_ what: String, _ program: String, _ count: Double, _ seconds: Double)
  {
    row([what, program, text(count, 0), text(seconds, 2), text(count / seconds, 0)])
  }
}
