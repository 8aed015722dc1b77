import ArgumentParser
import Canonical
import Glibc
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
      It shows what is in the folder of results; 'reproduce' and 'accept' bring it up to date.
      """)

  @OptionGroup var manifests: ManifestOptions

  @Option(help: "The folder of the results.", completion: .directory)
  var results: String?

  func run() async throws {
    var manifests = manifests
    manifests.tier = .full
    let session = try Session(manifests, Settings(results.map { [.results: $0] } ?? [:]))
    let folder = session.settings.results
    let written = try session.writeReport(in: folder)
    guard written.count > 0 else {
      throw UsageError("no results in '\(folder.path)': 'mechanics run' makes some")
    }
    if !written.hasFigures {
      Console.error(
        "warning: figures are left out, as vl-convert is not here: run 'make figures', or "
          + "'pip install vl-convert-python fonttools brotli'")
    }
    if !written.hasGraphs {
      Console.error(
        "warning: graphs are left out, as Graphviz is not here: 'apt-get install graphviz'")
    }
    let stated = Set(session.plan.experiments.map(\.manifest.experiment))
    let others = try folder.experiments.filter { !stated.contains($0) }
    if !others.isEmpty {
      Console.error(
        "left out, as none of these manifests states them: \(others.joined(separator: ", "))")
    }
    Console.error(
      "\(Console.count(written.count, "experiment")) in \(folder.path)/\(ReportPage.name), "
        + "\(written.bytes / 1000) kB"
    )
  }
}

extension Session {
  /// What a report holds.
  struct WrittenReport {
    let count: Int
    let bytes: Int
    let hasFigures: Bool
    let hasGraphs: Bool
  }

  /// Writes one page with the results of all experiments of the plan; none where there are no results.
  func writeReport(in folder: ResultsFolder) throws -> WrittenReport {
    let (drawing, dot) = (Drawing(), GraphDrawing())
    let packer = Packer(drawing)
    let report = PlanReport(plan, store)
    var page = ReportPage(
      generator: "mechanics \(Mechanics.version)", plan: report.value.map ?? [:],
      graphs: try dot.map { try graphs(of: report, $0) } ?? [])
    let forecast = Forecast(plan, store)
    var count = 0
    for (number, experiment) in plan.experiments.enumerated() {
      let graphs = try dot.map { try self.graphs(of: number, in: folder, forecast, $0) } ?? []
      let source = try File.contents(of: experiment.manifest.file) ?? []
      if try page.add(experiment.manifest, source, folder, graphs: graphs) { count += 1 }
    }
    let vega = count > 0 ? try packer?.vega() : nil
    let bytes = count > 0 ? try page.html(vega: vega, packer: packer) : []
    if count > 0 { try File.replace("\(folder.path)/\(ReportPage.name)", with: bytes) }
    return WrittenReport(
      count: count, bytes: bytes.count, hasFigures: vega != nil, hasGraphs: dot != nil)
  }

  /// Brings the report up to date, where the tool that draws is here; what goes wrong is only told.
  /// - Parameter force: whether it is written though it is as new as the results and the manifests.
  /// - Returns: whether the report is up to date.
  func refreshReport(in folder: ResultsFolder, force: Bool = false) -> Bool {
    if Interruption.isAwaited { return false }
    let interruption = Interruption.endingTools(Session.keptResults)
    defer { withExtendedLifetime(interruption) {} }
    do {
      let files = plan.experiments.map(\.manifest.file)
      if try !force && folder.isNewest(ReportPage.name, beside: files) { return true }
      guard Drawing() != nil else { return false }
      var session = self
      // The page is of all experiments, also when only some of them were run.
      if access("manifests", F_OK) == 0 {
        let options = try ManifestOptions.parse(["--tier", "full", "--", "manifests"] + files)
        session = try Session(options, settings, store: store)
      }
      return try session.writeReport(in: folder).count > 0
    } catch {
      Console.error("warning: the report was not written: \(error)")
      return false
    }
  }
}

extension Session {
  /// For each experiment its graph with a node for each kind of stage.
  fileprivate func graphs(of report: PlanReport, _ dot: GraphDrawing) throws -> [ReportPage.Graph] {
    try plan.experiments.map { experiment in
      let name = experiment.manifest.experiment
      return ReportPage.Graph(label: "plan of \(name)", svg: try dot.svg(report.dot(only: name)))
    }
  }

  /// The token-priority graphs that an experiment declares, or those of its first run, and the
  /// automaton of that, as far as they can be read at a glance.
  fileprivate func graphs(
    of number: Int, in folder: ResultsFolder, _ forecast: Forecast, _ dot: GraphDrawing
  ) throws -> [ReportPage.Graph] {
    let experiment = plan.experiments[number]
    let name = experiment.manifest.experiment
    var documents = try experiment.manifest.figures.filter { $0.kind == .graph }
      .compactMap { figure in
        try File.contents(of: "\(folder.path)/\(name)/\(figure.name).dot").map {
          ("\(figure.name), seed \(figure.seed ?? 0)", String(decoding: $0, as: UTF8.self))
        }
      }
    let outputs = firstRun(of: experiment, forecast)
    let seed = "of the first run, seed \(experiment.seeds[0])"
    if documents.isEmpty, let bytes = try outputs(GraphDocument.kind, GraphDocument.output),
      let document = try GraphDocument(bytes: bytes, edges: 150)
    {
      documents.append(("token-priority graphs \(seed)", document.text))
    }
    if let document = try AutomatonDocument(outputs) {
      documents.append(("automaton \(seed), mean probabilities of the next token", document.text))
    }
    return try documents.map { ReportPage.Graph(label: $0, svg: try dot.svg($1)) }
  }

  /// Reads outputs of the stages of an experiment's first run, where they are in the store.
  private func firstRun(
    of experiment: Plan.Experiment, _ forecast: Forecast
  ) -> (_ kind: String, _ output: String) throws -> [UInt8]? {
    { name, output in
      let kinds = plan.catalog.kinds.indices.filter { plan.catalog.kinds[$0].name == name }
      guard let stage = kinds.lazy.compactMap({ experiment.stages[$0].first }).first.map(Int.init),
        case .cached = forecast.fates[stage], let key = forecast.keys[stage],
        let record = store.record(for: Digest(of: key.preimage)),
        let place = plan.kind(of: stage).outputs.firstIndex(of: output)
      else { return nil }
      return try store.read(record.outputs[place])
    }
  }
}
