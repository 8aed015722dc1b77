import Glibc

/// A Python that has some packages.
package struct Python: Sendable {
  /// The interpreter.
  package let path: String

  /// Finds one: the system's, the repository's, or one made for the tests where there is a network.
  package static func with(_ packages: [String]) throws(Failure) -> Python {
    let own = "\(Sandbox.package)/.build/tests/python"
    let candidates = ["python3", "\(Sandbox.package)/.venv/bin/python", "\(own)/bin/python"]
    if let found = try first(of: candidates, having: packages) { return found }
    let folder = try Folder()
    for words in [
      ["python3", "-m", "venv", own], ["\(own)/bin/pip", "install", "-q"] + packages,
    ] { _ = try? run(words, folder) }
    if let found = try first(of: ["\(own)/bin/python"], having: packages) { return found }
    throw Failure(
      "no Python has \(packages.joined(separator: " and ")), and none could be made: "
        + "python3 -m pip install \(packages.joined(separator: " "))")
  }

  private static func first(
    of candidates: [String], having packages: [String]
  ) throws(Failure) -> Python? {
    let program = "import " + packages.joined(separator: ", ")
    let folder = try Folder()
    return candidates.first { (try? run([$0, "-c", program], folder).code) == 0 }
      .map { Python(path: $0) }
  }

  private static func run(_ words: [String], _ folder: Folder) throws(Failure) -> Program.Exit {
    let variables = ["PATH", "HOME"].compactMap { (name: String) in
      getenv(name).map { (name, String(cString: $0)) }
    }
    return try Program(
      words, in: folder.path, environment: Dictionary(uniqueKeysWithValues: variables),
      logs: "\(folder.path)/log"
    ).wait()
  }
}
