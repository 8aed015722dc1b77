import Canonical
import Manifests
import Storage

/// `report.html`: all results as one page that needs nothing but itself.
///
/// The page is a template, a style and a program, which stand beside this file, and the results as
/// JSON; the program builds what is seen. First stands the outline, which is shown as soon as it is
/// read, then the files that it names: tables, figures, drawings of graphs, and the libraries that
/// draw figures, without which the page shows all else.
package struct ReportPage: Sendable {
  package static let name = "report.html"
  /// The file of the libraries that draw figures.
  private static let libraries = "vega.js"
  /// Files with more bytes are embedded packed.
  private static let packingLimit = 4_000

  private var experiments: [Value] = []
  /// The texts of tables, specifications of figures, and drawings, by their names in the page.
  private var files: [String: String] = [:]
  private let generator: String
  private var plan: Value = [:]

  /// - Parameters:
  ///   - generator: the program and its version.
  ///   - plan: how many stages there are of each kind.
  ///   - graphs: the graph of them, for each experiment.
  package init(generator: String, plan: [String: Value], graphs: [Graph]) {
    self.generator = generator
    self.plan = .map(plan.merging(["graphs": addDrawings(graphs, of: "plan")]) { $1 })
  }

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
  }

  /// Adds drawings; what the outline says of them.
  private mutating func addDrawings(_ graphs: [Graph], of owner: String) -> Value {
    .list(
      graphs.map { graph in
        let name = "\(owner)/\(graph.label).svg"
        files[name] = graph.svg
        return ["label": .string(graph.label), "file": .string(name)]
      })
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
    /// Adds those of some files that are there; their names without what they end in.
    func addFiles(_ names: [String], ending: String) throws -> Value {
      .list(
        try names.compactMap { name in
          guard let bytes = try file(name + ending) else { return nil }
          files["\(manifest.experiment)/\(name)\(ending)"] = ReportPage.text(bytes)
          return .string("\(manifest.experiment)/\(name)")
        })
    }
    let text = ReportPage.text(source)
    var entry: [String: Value] = [
      "name": .string(manifest.experiment), "title": .string(manifest.title),
      "question": .string(ReportPage.question(text) ?? manifest.description ?? ""),
      "manifest": .string(text), "claims": claims,
      "figures": try addFiles(manifest.figures.map(\.name), ending: ".vl.json"),
      "tables": try addFiles(["runs", "summary", "series"], ending: ".csv"),
      "graphs": addDrawings(graphs, of: manifest.experiment),
      "runs": .integer(manifest.cells.count * manifest.seeds.count),
    ]
    entry["timings"] = try file(Timings.name).map { .string(ReportPage.text($0)) }
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
  ///   - packer: what packs large files, if there is one.
  package func html(vega: String?, packer: Packer?) throws -> [UInt8] {
    var files = files
    files[ReportPage.libraries] = vega
    let packed = try packer?.packed(files.filter { $1.utf8.count > ReportPage.packingLimit }) ?? [:]
    let contents = files.map { name, text -> (String, Value) in
      (name, packed[name].map { ["gzip": .string($0)] } ?? ["text": .string(text)])
    }
    let outline: Value = [
      "generator": .string(generator), "plan": plan, "experiments": .list(experiments),
    ]
    let parts = [
      "style": ReportPage.text(PackageResources.page_css),
      "script": ReportPage.text(PackageResources.page_js),
      "outline": ReportPage.script(outline),
      "files": ReportPage.script(.map(Dictionary(uniqueKeysWithValues: contents))),
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

  /// A value inside of a script, where no text may look like its end.
  private static func script(_ value: Value) -> String {
    value.json().replacing("<", with: "\\u003c")
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
