import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// The token-priority graphs of one run as a Graphviz document.
  static let graphFigure = StageKind(
    "graph", version: 1, models: ["attention"], scope: .each("graphs"),
    reads: ExperimentSeries.reads + ["item"], inputs: [.all("tpg")], outputs: ["graph.dot"]
  ) { context in
    let item = context.parameters["item"]
    guard let figure = Figure(item) else { throw FormatError("no figure: \(item.json())") }
    let run = try figure.run(of: context)
    let graphs = try GraphsFile.graphs(context.input("tpg", GraphsFile.name, at: run))
    let wanted = figure.places?.first { $0.index == ModelFamily.lastToken }?.place
    let drawn = wanted.map { token in graphs.filter { $0.lastToken == token } } ?? graphs
    guard wanted == nil || !drawn.isEmpty else {
      let tokens = graphs.map { String($0.lastToken) }.joined(separator: ", ")
      throw FormatError("no sequence ends with token \(wanted!); last tokens are \(tokens)")
    }
    return [Array(GraphDocument(drawn, title: figure.title).text.utf8)]
  }
}

extension ModelFamily {
  /// What tells the token-priority graphs of one run apart.
  static let lastToken = "last-token"
}

extension Figure {
  /// The number, cells in order, then seeds, of the one run that is drawn.
  fileprivate func run(of context: StageContext) throws -> Int {
    let stated = context.parameters["seeds"]
    guard let seeds = Seeds(stated), let seed, let place = Array(seeds).firstIndex(of: seed) else {
      throw FormatError("no seed to draw among \(stated.json())")
    }
    let drawn = (context.parameters["cells"].list ?? []).firstIndex { cell in
      cells.allSatisfy { condition in
        cell.list?.contains { $0 == [.string(condition.path), condition.value] } ?? false
      }
    }
    return (drawn ?? 0) * seeds.count + place
  }
}
