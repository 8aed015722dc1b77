import Glibc
import Synchronization

/// A folder in which the built program runs as on a machine of its own: own home, own cache, no
/// settings from outside, and nothing on its path, so that no figures are drawn but where a test links
/// `.venv` into `project`.
package final class Sandbox {
  package let folder: Folder
  /// What the program sees of the environment.
  package var environment: [String: String]
  /// What the program is started with, such as an emulator.
  package var launcher: [String] = []
  /// The program; the one that was built with the tests, but for benchmarks.
  package var program = Sandbox.binary

  private static let runs = Atomic(0)

  package init() throws(Failure) {
    folder = try Folder()
    let path = folder.path
    environment = [
      "HOME": "\(path)/home", "PATH": "\(path)/bin", "MECHANICS_CACHE": "\(path)/cache",
      "LC_ALL": "C.UTF-8", "MECHANICS_PYTHON": "\(path)/project/.venv/bin/python",
    ]
    Folder.makeFolder("\(path)/project")
  }

  /// The folder that the program is started in.
  package var project: String { "\(folder.path)/project" }

  /// A sandbox whose `project` has these files.
  package convenience init(_ files: [String: String]) throws(Failure) {
    try self.init()
    for (name, text) in files { try write(name, text) }
  }

  package func write(_ name: String, _ text: String) throws(Failure) {
    try folder.write("project/\(name)", text)
  }

  package func text(_ name: String) throws(Failure) -> String { try folder.text("project/\(name)") }

  package func exists(_ name: String) -> Bool { folder.exists("project/\(name)") }

  /// The bytes of the results that are recorded in git, by path inside `results/`.
  package func results(_ name: String = "results") throws(Failure) -> [String: [UInt8]] {
    try folder.files("project/\(name)").filter { file, _ in
      !["provenance.json", "timings.csv"].contains { file.hasSuffix($0) }
    }
  }

  /// Starts the program and does not wait for it.
  package func start(_ arguments: [String], in place: String? = nil) throws(Failure) -> Program {
    let number = Sandbox.runs.add(1, ordering: .relaxed).newValue
    return try Program(
      launcher + [program] + arguments, in: place ?? project, environment: environment,
      logs: "\(folder.path)/run-\(number)", keeping: folder)
  }

  /// Runs the program to its end.
  package func run(_ arguments: String..., in place: String? = nil) throws(Failure) -> Program.Exit
  {
    try start(arguments, in: place).wait()
  }

  /// Runs another program of the system to its end, with the path that the tests have.
  package func system(_ words: String..., in place: String? = nil) throws(Failure) -> Program.Exit {
    var variables = environment
    variables["PATH"] = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let number = Sandbox.runs.add(1, ordering: .relaxed).newValue
    return try Program(
      words, in: place ?? project, environment: variables, logs: "\(folder.path)/run-\(number)"
    ).wait()
  }
}

extension Sandbox {
  /// The program under test lies beside the tests.
  package static let binary: String = {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let bytes = path.prefix(max(0, count)).map(UInt8.init(bitPattern:))
    let bundle = String(decoding: bytes, as: UTF8.self)
    return String(bundle[..<(bundle.lastIndex(of: "/") ?? bundle.startIndex)]) + "/mechanics"
  }()

  /// The top of this package.
  package static let package: String = {
    var parts = #filePath.split(separator: "/")
    parts.removeLast(3)
    return "/" + parts.joined(separator: "/")
  }()
}
