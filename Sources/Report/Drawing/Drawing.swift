import Canonical
import Glibc
import Storage

/// Draws Vega-Lite specifications as SVG and PDF, with `vl-convert` in a Python environment.
package struct Drawing: Sendable {
  /// A specification and the files to draw it into, without their suffixes.
  package struct Figure: Hashable, Sendable {
    package let specification: String
    package let stem: String
    /// Of the specification as it is drawn.
    let digest: Digest

    /// Whether it is a graph, which Graphviz draws.
    package var isGraph: Bool { specification.hasSuffix(GraphDrawing.suffix) }

    /// What the SVG ends with.
    var mark: String { "<!-- sha256 \(digest.hex) -->\n" }
  }

  /// The interpreter that has the tool.
  package let python: String

  /// Finds the tool: in `.venv` of the folder or of a folder above it, then on the path.
  package init?(from folder: String = ".") {
    guard let python = Drawing.interpreters(from: folder).first(where: Drawing.hasTool) else {
      return nil
    }
    self.python = python
  }

  private static func interpreters(from folder: String) -> [String] {
    guard let resolved = realpath(folder, nil) else { return ["python3"] }
    defer { free(resolved) }
    var parts = String(cString: resolved).split(separator: "/").map(String.init)
    var found: [String] = []
    while true {
      let python = "/" + (parts + [".venv", "bin", "python"]).joined(separator: "/")
      if access(python, X_OK) == 0 { found.append(python) }
      if parts.popLast() == nil { return found + ["python3"] }
    }
  }

  private static func hasTool(_ python: String) -> Bool {
    let quietly = "exec \"$0\" -c 'import vl_convert' 2>/dev/null"
    return (try? Subprocess.run(["sh", "-c", quietly, python], input: [])) == 0
  }

  /// The figures of an experiment whose drawings are not there or are of another specification.
  package static func stale(_ results: ExperimentResults, in folder: ResultsFolder) -> [Figure] {
    results.figures.compactMap { name in
      let specification = "\(folder.path)/\(results.experiment)/\(name)"
      let suffix = [".vl.json", GraphDrawing.suffix].first(where: specification.hasSuffix) ?? ""
      let stem = String(specification.dropLast(suffix.count))
      let digest = Digest(of: Drawing.drawn(results.files[name]!))
      let drawn = (try? File.contents(of: "\(stem).svg")).flatMap(\.self) ?? []
      let isCurrent =
        String(decoding: drawn.suffix(120), as: UTF8.self).contains(digest.hex)
        && access("\(stem).pdf", F_OK) == 0
      return isCurrent ? nil : Figure(specification: specification, stem: stem, digest: digest)
    }
  }

  /// A specification as it is drawn: what the font lacks is written in other characters, so that no
  /// other font of the machine is taken for it.
  private static func drawn(_ specification: [UInt8]) -> [UInt8] {
    Array(String(decoding: specification, as: UTF8.self).replacing("‖", with: "||").utf8)
  }

  /// Draws figures.
  /// - Throws: `FormatError` where the tool fails; it has said why on standard error.
  package func draw(_ figures: [Figure]) throws {
    let lines = figures.map { figure -> String in
      let task: Value = [
        "specification": .string(figure.specification), "stem": .string(figure.stem),
        "digest": .string(figure.digest.hex),
      ]
      return task.json() + "\n"
    }
    let status = try Subprocess.run(
      [python, "-c", Drawing.program], input: Array(lines.joined().utf8))
    guard status == 0 else { throw FormatError("drawing failed: vl-convert ended with \(status)") }
  }

  /// Reads a task a line. The SVG ends with a comment that names its specification's digest.
  private static let program = """
    import json, os, sys
    import vl_convert
    def put(path, data):
        with open(path + ".tmp", "wb") as file:
            file.write(data)
        os.replace(path + ".tmp", path)
    for line in sys.stdin:
        task = json.loads(line)
        with open(task["specification"]) as file:
            specification = file.read().replace("‖", "||")
        svg = vl_convert.vegalite_to_svg(specification)
        put(task["stem"] + ".svg", (svg + "<!-- sha256 " + task["digest"] + " -->\\n").encode())
        put(task["stem"] + ".pdf", vl_convert.vegalite_to_pdf(specification))
    """
}
