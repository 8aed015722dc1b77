import Canonical
import Manifests
import Storage

/// `report.html`: all results as one page that needs nothing but itself.
///
/// The page is a template, a style and a program, which stand beside this file, and the results as
/// JSON; the program builds what is seen. A page without the figures' libraries shows all else.
package struct ReportPage: Sendable {
  package static let name = "report.html"
  /// Tables and figures with more bytes are embedded packed.
  private static let packingLimit = 20_000

  private var experiments: [Value] = []
  private var figures: [String: Value] = [:]
  private var tables: [String: Value] = [:]
  /// The files of the tables and figures that are to be packed.
  private var large: [String: String] = [:]
  private let plan: Value?
  private let generator: String

  /// - Parameters:
  ///   - generator: the program and its version.
  ///   - plan: how many stages there are of each kind, and the graph of them as `svg`.
  package init(generator: String, plan: Value?) { (self.generator, self.plan) = (generator, plan) }

  /// A graph of one run as the text of an SVG.
  package struct Graph: Sendable {
    let label: String
    let svg: String

    /// - Parameter svg: what Graphviz put out.
    package init(label: String, svg: String) {
      self.label = label
      // What stands before the element has no place in a page.
      self.svg = svg.ranges(of: "<svg").first.map { String(svg[$0.lowerBound...]) } ?? ""
    }

    package var value: Value { ["label": .string(label), "svg": .string(svg)] }
  }

  /// Adds an experiment whose results are in `folder`.
  /// - Returns: false where there are none.
  @discardableResult
  package mutating func add(
    _ manifest: Manifest, _ source: [UInt8], _ folder: ResultsFolder, graphs: [Graph]
  ) throws -> Bool {
    let path = "\(folder.path)/\(manifest.experiment)"
    func file(_ name: String) throws -> [UInt8]? { try File.contents(of: "\(path)/\(name)") }
    guard let claims = try file(ExperimentResults.claimsName).flatMap({ Value(json: $0) }) else {
      return false
    }
    var drawn: [Value] = []
    for figure in manifest.figures {
      let name = "\(manifest.experiment)/\(figure.name)"
      let specification = "\(figure.name).vl.json"
      guard let bytes = try file(specification), let value = Value(json: bytes) else { continue }
      figures[name] = value
      if bytes.count > ReportPage.packingLimit { large[name] = "\(path)/\(specification)" }
      drawn.append(.string(name))
    }
    var listed: [Value] = []
    for table in ["runs.csv", "summary.csv", "series.csv"] {
      guard let bytes = try file(table) else { continue }
      let name = "\(manifest.experiment)/\(table)"
      listed.append(.string(name))
      tables[name] = ["csv": .string(String(decoding: bytes, as: UTF8.self))]
      if bytes.count > ReportPage.packingLimit { large[name] = "\(path)/\(table)" }
    }
    let text = String(decoding: source, as: UTF8.self)
    var entry: [String: Value] = [
      "name": .string(manifest.experiment), "title": .string(manifest.title),
      "question": .string(ReportPage.question(text) ?? manifest.description ?? ""),
      "manifest": .string(text), "claims": claims, "figures": .list(drawn),
      "tables": .list(listed), "graphs": .list(graphs.map(\.value)),
      "runs": .integer(manifest.cells.count * manifest.seeds.count),
    ]
    entry["timings"] = try file(Timings.name).map { .string(String(decoding: $0, as: UTF8.self)) }
    entry["provenance"] = try file(Provenance.name).flatMap { Value(json: $0) }
    experiments.append(.map(entry))
    return true
  }

  /// The comment at the head of a manifest, in which lines that are set in go on with the one before;
  /// nil where there is none.
  static func question(_ manifest: String) -> String? {
    var lines: [String] = []
    for line in manifest.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("#") else { break }
      let comment = line.drop { $0 == "#" }
      let text = String(comment.drop { $0 == " " })
      if comment.hasPrefix("   "), let last = lines.last, !last.isEmpty {
        lines[lines.count - 1] = "\(last) \(text)"
      } else {
        lines.append(text)
      }
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  /// The page.
  /// - Parameters:
  ///   - vega: the libraries that draw figures; none where the tool is missing.
  ///   - packer: what packs large tables and figures, if there is one.
  package func html(vega: String?, packer: Packer?) throws -> [UInt8] {
    var (tables, figures) = (tables, figures)
    for (name, bytes) in try packer?.packed(large) ?? [:] {
      let packed: Value = ["gzip": .string(bytes)]
      if figures[name] == nil { tables[name] = packed } else { figures[name] = packed }
    }
    var data: [String: Value] = [
      "generator": .string(generator), "experiments": .list(experiments),
      "figures": .map(figures), "tables": .map(tables),
    ]
    data["plan"] = plan
    let parts = [
      "style": ReportPage.text(PackageResources.page_css),
      // Inside of a script no text may look like its end.
      "data": Value.map(data).json().replacing("<", with: "\\u003c"),
      "vega": (vega ?? "").replacing("</script", with: "<\\/script")
        .replacing("<!--", with: "<\\!--"),
      "script": ReportPage.text(PackageResources.page_js),
    ]
    var page = ""
    var rest = ReportPage.text(PackageResources.page_html)[...]
    while let start = rest.firstRange(of: "{{"), let end = rest.firstRange(of: "}}") {
      page += rest[..<start.lowerBound]
      page += parts[String(rest[start.upperBound..<end.lowerBound])] ?? ""
      rest = rest[end.upperBound...]
    }
    return Array((page + rest).utf8)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
