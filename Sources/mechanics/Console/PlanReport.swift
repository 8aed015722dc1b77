import Canonical
import Manifests
import Pipeline
import Storage

/// How many stages of each kind are cached, would run, or are unknown.
struct PlanReport {
  struct Row {
    let experiment: String
    let kind: String
    var cached = 0
    var runs = 0
    var unknown = 0

    var all: Int { cached + runs + unknown }
  }

  private(set) var rows: [Row] = []
  private let plan: Plan
  /// How many of the cached stages only a shared cache has the outputs of.
  private let distant: Int

  init(_ plan: Plan, _ store: Store) {
    self.plan = plan
    let forecast = Forecast(plan, store)
    distant = forecast.keys.count { key in
      guard let key, let record = store.record(for: Digest(of: key.preimage)) else { return false }
      return record.isBorrowed && !record.outputs.allSatisfy(store.contains)
    }
    for experiment in plan.experiments {
      for kind in plan.catalog.kinds.indices where !experiment.stages[kind].isEmpty {
        var row = Row(
          experiment: experiment.manifest.experiment, kind: plan.catalog.kinds[kind].name)
        for stage in Set(experiment.stages[kind]) {
          switch forecast.fates[Int(stage)] {
          case .cached: row.cached += 1
          case .runs: row.runs += 1
          case .unknown: row.unknown += 1
          }
        }
        rows.append(row)
      }
    }
  }

  func printText() {
    let header = ["experiment", "kind", "stages", "cached", "to run", "unknown"]
    let cells = rows.map { row in
      [row.experiment, row.kind] + [row.all, row.cached, row.runs, row.unknown].map(String.init)
    }
    Console.out(TextTable([header] + cells).text)
    Console.out("\(plan.stages.count) stages, those that experiments share counted once\n")
    if distant > 0 {
      Console.out(
        "\(distant) of the cached are in a shared cache only: a stage that needs them fetches them "
          + "from there, or they are made here\n")
    }
  }

  var value: Value {
    [
      "stages": .integer(plan.stages.count),
      "kinds": .list(
        rows.map { row in
          [
            "experiment": .string(row.experiment), "kind": .string(row.kind),
            "stages": .integer(row.all), "cached": .integer(row.cached),
            "to-run": .integer(row.runs), "unknown": .integer(row.unknown),
          ]
        }),
    ]
  }

  /// A Graphviz document: a cluster an experiment, a node a kind.
  /// - Parameter only: the experiment to show; all where nil.
  func dot(only: String? = nil) -> String {
    var text = """
      digraph plan {
        graph [rankdir=LR, nodesep=0.12, ranksep=0.3, fontname="Liberation Sans", fontsize=10];
        node [shape=box, height=0.3, margin="0.08,0.03", fontname="Liberation Sans", fontsize=9];
        edge [arrowsize=0.5];

      """
    for experiment in plan.experiments {
      let name = experiment.manifest.experiment
      if let only, name != only { continue }
      text += "  subgraph \"cluster_\(name)\" {\n    label=\"\(name)\";\n"
      for row in rows where row.experiment == name {
        text +=
          "    \"\(name)/\(row.kind)\" "
          + "[label=\"\(row.kind)\\n\(row.cached) of \(row.all) cached\"];\n"
      }
      text += "  }\n"
      let kinds = plan.catalog.kinds.indices.filter { !experiment.stages[$0].isEmpty }
        .map { plan.catalog.kinds[$0] }
      for kind in kinds {
        for input in kind.inputs.flatMap({ input in kinds.filter(input.takes) }) {
          text += "  \"\(name)/\(input.name)\" -> \"\(name)/\(kind.name)\";\n"
        }
      }
    }
    return text + "}\n"
  }
}
