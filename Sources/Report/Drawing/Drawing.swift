import Canonical
import Glibc
import Storage

/// Draws Vega-Lite specifications as SVG and PDF, with `vl-convert` and fontTools in a Python
/// environment: `draw.py`. Either has its font in it.
package struct Drawing: Sendable {
  /// A specification and the files to draw it into, without their suffixes.
  package struct Figure: Hashable, Sendable {
    package let specification: String
    package let stem: String
    /// Of the specification.
    let digest: Digest

    /// Whether it is a graph, which Graphviz draws.
    package var isGraph: Bool { specification.hasSuffix(GraphDrawing.suffix) }

    /// What the SVG ends with: how it was drawn, and what was.
    var mark: String { "<!-- drawing 4 of sha256 \(digest.hex) -->\n" }
  }

  /// The interpreter that has the tool.
  package let python: String

  /// Finds the tool: in the Python that `MECHANICS_PYTHON` names; where it names none, in `.venv` of the
  /// folder or of one above it, then of one above the program, then on the path.
  package init?(from folder: String = ".") {
    let named = getenv("MECHANICS_PYTHON").map { [String(cString: $0)] }
    let places = [folder, "/proc/self/exe"].flatMap(Drawing.environments) + ["python3"]
    guard let python = (named ?? places).first(where: Drawing.hasTool) else { return nil }
    self.python = python
  }

  /// The interpreters of the environments in and above a place.
  private static func environments(above place: String) -> [String] {
    guard let resolved = try? File.real(place) else { return [] }
    var parts = resolved.split(separator: "/").map(String.init)
    var found: [String] = []
    while true {
      let python = "/" + (parts + [".venv", "bin", "python"]).joined(separator: "/")
      if access(python, X_OK) == 0 { found.append(python) }
      if parts.popLast() == nil { return found }
    }
  }

  private static func hasTool(_ python: String) -> Bool {
    let quietly = "exec \"$0\" -c 'import brotli, fontTools, vl_convert' 2>/dev/null"
    return (try? Subprocess.run(["sh", "-c", quietly, python], input: [])) == 0
  }

  /// The figures of an experiment whose drawings are not there or are of another specification.
  package static func stale(_ results: ExperimentResults, in folder: ResultsFolder) -> [Figure] {
    results.figures.compactMap { name in
      let specification = "\(folder.path)/\(results.experiment)/\(name)"
      let suffix = [".vl.json", GraphDrawing.suffix].first(where: specification.hasSuffix) ?? ""
      let stem = String(specification.dropLast(suffix.count))
      let figure = Figure(
        specification: specification, stem: stem, digest: Digest(of: results.files[name]!))
      let drawn = (try? File.contents(of: "\(stem).svg")).flatMap(\.self) ?? []
      let isCurrent =
        drawn.suffix(figure.mark.utf8.count).elementsEqual(figure.mark.utf8)
        && access("\(stem).pdf", F_OK) == 0
      return isCurrent ? nil : figure
    }
  }

  /// Draws figures.
  /// - Throws: `FormatError` where the tool fails; it has said why on standard error.
  package func draw(_ figures: [Figure]) throws {
    try carryOut(figures.map { ($0, "specification", $0.specification) })
  }

  /// Writes SVGs that another program has drawn, with their font.
  func write(_ drawn: [(figure: Figure, svg: String)]) throws {
    try carryOut(drawn.map { ($0.figure, "svg", $0.svg) })
  }

  private func carryOut(_ tasks: [(figure: Figure, name: String, text: String)]) throws {
    let lines = tasks.map { task -> String in
      let line: Value = [
        task.name: .string(task.text), "stem": .string(task.figure.stem),
        "mark": .string(task.figure.mark),
      ]
      return line.json() + "\n"
    }
    let program = String(decoding: PackageResources.draw_py, as: UTF8.self)
    let status = try Subprocess.run([python, "-c", program], input: Array(lines.joined().utf8))
    guard status == 0 else { throw FormatError("drawing failed: vl-convert ended with \(status)") }
  }
}
