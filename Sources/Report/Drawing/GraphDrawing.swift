import Canonical
import Glibc
import Storage

/// Draws Graphviz documents as SVG and PDF, with the system's `dot`.
package struct GraphDrawing: Sendable {
  static let suffix = ".dot"

  /// Finds the tool on the path.
  package init?() {
    let quietly = "exec dot -V 2>/dev/null"
    guard (try? Subprocess.run(["sh", "-c", quietly], input: [])) == 0 else { return nil }
  }

  /// Draws graphs.
  /// - Parameter drawing: what puts the font into them; without it, the reader's machine has to have it.
  /// - Throws: `FormatError` where the tool fails; it has said why on standard error.
  package func draw(_ figures: [Drawing.Figure], _ drawing: Drawing?) throws {
    let drawn = try figures.map { figure in (figure, svg: try draw(figure)) }
    guard let drawing else {
      for (figure, svg) in drawn {
        try File.replace("\(figure.stem).svg", with: Array((svg + figure.mark).utf8))
      }
      return
    }
    try drawing.write(drawn)
  }

  /// Draws a graph as PDF.
  /// - Returns: the same as SVG.
  private func draw(_ figure: Drawing.Figure) throws -> String {
    let (svg, pdf) = ("\(figure.stem).svg.tmp", "\(figure.stem).pdf.tmp")
    defer { for file in [svg, pdf] { unlink(file) } }
    let status = try Subprocess.run(
      ["dot", "-Tsvg", "-o", svg, "-Tpdf", "-o", pdf, figure.specification], input: [])
    guard status == 0, let drawn = try File.contents(of: svg),
      let page = try File.contents(of: pdf)
    else { throw FormatError("drawing failed: dot ended with \(status)") }
    try File.replace("\(figure.stem).pdf", with: page)
    return String(decoding: drawn, as: UTF8.self)
  }

  private static var folder: String {
    getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  }

  /// The graph as the text of an SVG, to stand in a page.
  package func svg(_ document: String) throws -> String {
    let stem = "\(GraphDrawing.folder)/mechanics-\(getpid()).svg"
    defer { unlink(stem) }
    let status = try Subprocess.run(["dot", "-Tsvg", "-o", stem], input: Array(document.utf8))
    guard status == 0, let drawn = try File.contents(of: stem) else {
      throw FormatError("drawing failed: dot ended with \(status)")
    }
    return String(decoding: drawn, as: UTF8.self)
  }
}
