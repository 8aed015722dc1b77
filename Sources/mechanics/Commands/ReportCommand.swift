import ArgumentParser
import Canonical
import Manifests
import Pipeline
import Report
import Stages
import Storage

/// `mechanics report`
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write all results into one page, results/report.html.",
    discussion: """
      The page works offline and prints: claims with what was measured, figures that show their \
      values and hide lines by their legend, tables that sort and filter, each manifest, the plan. \
      It shows what is in the folder of results; run the experiments first.
      """)

  @OptionGroup var manifests: ManifestOptions

  @Option(help: "The folder of the results.", completion: .directory)
  var results: String?

  func run() async throws {
    var manifests = manifests
    manifests.tier = .full
    let session = try Session(manifests, Settings(results.map { [.results: $0] } ?? [:]))
    let folder = session.settings.results
    let (drawing, dot) = (Drawing(), GraphDrawing())
    let packer = Packer(drawing)
    var page = ReportPage(
      generator: "mechanics \(Mechanics.version)", plan: try session.plan(drawn: dot))
    var count = 0
    for (number, experiment) in session.plan.experiments.enumerated() {
      let graphs = try dot.map { try session.graphs(of: number, in: folder, $0) } ?? []
      let source = try File.contents(of: experiment.manifest.file) ?? []
      if try page.add(experiment.manifest, source, folder, graphs: graphs, packer: packer) {
        count += 1
      }
    }
    guard count > 0 else {
      throw UsageError("no results in '\(folder.path)': 'mechanics run' makes some")
    }
    let vega = try packer?.vega()
    if vega == nil {
      Console.error(
        "warning: figures are left out, as vl-convert is not here: run 'make figures', or "
          + "'pip install vl-convert-python'")
    }
    if dot == nil {
      Console.error(
        "warning: graphs are left out, as Graphviz is not here: 'apt-get install graphviz'")
    }
    let bytes = page.html(vega: vega)
    let file = "\(folder.path)/\(ReportPage.name)"
    try File.replace(file, with: bytes)
    Console.error("\(count) experiments in \(file), \(bytes.count / 1000) kB")
  }
}

extension Session {
  /// The plan's counts, and its graph with a node for each kind of stage.
  fileprivate func plan(drawn dot: GraphDrawing?) throws -> Value {
    let report = PlanReport(plan, store)
    var entries = report.value.map ?? [:]
    if let dot {
      let graph = ReportPage.Graph(label: "plan", svg: try dot.svg(report.dot))
      entries["svg"] = graph.value["svg"]
    }
    return .map(entries)
  }

  /// The graphs that an experiment declares; where it declares none, those of its first run, as far
  /// as they can be read at a glance.
  fileprivate func graphs(
    of number: Int, in folder: ResultsFolder, _ dot: GraphDrawing
  ) throws -> [ReportPage.Graph] {
    let experiment = plan.experiments[number]
    let name = experiment.manifest.experiment
    let declared = experiment.manifest.figures.filter { $0.kind == .graph }
    if !declared.isEmpty {
      return try declared.compactMap { figure in
        try File.contents(of: "\(folder.path)/\(name)/\(figure.name).dot").map {
          ReportPage.Graph(
            label: "\(figure.name), seed \(figure.seed ?? 0)",
            svg: try dot.svg(String(decoding: $0, as: UTF8.self)))
        }
      }
    }
    guard let kind = plan.catalog.kinds.firstIndex(where: { $0.name == GraphDocument.kind }),
      let stage = experiment.stages[kind].first.map(Int.init)
    else { return [] }
    let forecast = Forecast(plan, store)
    guard case .cached = forecast.fates[stage], let key = forecast.keys[stage],
      let record = store.record(for: Digest(of: key.preimage)),
      let document = try GraphDocument(bytes: store.read(record.outputs[0]), edges: 150)
    else { return [] }
    let label = "token-priority graphs of the first run, seed \(experiment.seeds[0])"
    return [ReportPage.Graph(label: label, svg: try dot.svg(document.text))]
  }
}
