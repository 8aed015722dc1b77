import Canonical

/// A YAML file with settings of a program, checked as manifests are.
package enum SettingsFile {
  /// Reads the file at `path`.
  ///
  /// - Parameter entries: What it may say.
  /// - Throws: All that is wrong with it, with line, column and the nearest name.
  package static func read(
    path: String, _ entries: [Shape.Entry]
  ) throws(Diagnostics) -> [String: Value] {
    let (root, diagnostics) = try Manifest.document(Manifest.bytes(path), file: path)
    var checker = Checker(folder: Folder(of: path))
    for diagnostic in diagnostics { checker.report(diagnostic) }
    if root.entries == nil {
      checker.report(root.place, "settings are a map such as {jobs: 4}, not \(root.noun)")
    }
    var values: [String: Value] = [:]
    for given in root.entries ?? [] {
      if let known = entries.first(where: { $0.name == given.key }) {
        values[given.key] = checker.check(given.node, known.shape, given.key)
      } else {
        checker.unknown(given, in: "the file", among: entries.map(\.name), noun: "setting")
      }
    }
    guard checker.diagnostics.isEmpty else { throw Diagnostics(checker.diagnostics) }
    return values
  }
}
