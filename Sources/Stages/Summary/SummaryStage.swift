import Canonical
import Manifests
import Pipeline

extension StageKind {
  /// The tables of an experiment: a row a run, a row a statistic, a row an iteration.
  static let summary = StageKind(
    "summary", version: 1, scope: .experiment, reads: ExperimentSeries.reads,
    inputs: [ExperimentSeries.input], outputs: ["runs.csv", "summary.csv", "series.csv"]
  ) { context in
    let series = try ExperimentSeries(context)
    return [series.runs, series.summary, series.series].map { Array($0.csv.utf8) }
  }
}

extension ExperimentSeries {
  /// The final value of every metric, a row a run.
  fileprivate var runs: Table {
    var table = Table(columns: sweptPaths + ["seed"] + metrics)
    for cell in cells {
      for (seed, run) in zip(seeds, cell.runs) {
        table.append(
          cell.columns + [String(seed)] + metrics.map { Table.cell(run.final($0)) })
      }
    }
    return table
  }

  /// Statistics of the final values over seeds, with the number of values that exist.
  fileprivate var summary: Table {
    var table = Table(columns: sweptPaths + ["metric", "statistic", "value", "count"])
    for cell in cells {
      for metric in metrics {
        let values = cell.finals(metric).compactMap(\.self)
        for statistic in Claim.Statistic.summarised {
          table.append(
            cell.columns + [
              metric, statistic.rawValue, Table.cell(statistic(values)), String(values.count),
            ])
        }
      }
    }
    return table
  }

  /// Mean and standard deviation over seeds at every iteration, of the metrics that change.
  fileprivate var series: Table {
    let moving = metrics.filter { metric in
      cells.contains { $0.runs.contains { ($0.metrics[metric]?.count ?? 0) > 1 } }
    }
    let statistics = moving.flatMap { ["\($0).mean", "\($0).std", "\($0).count"] }
    var table = Table(columns: sweptPaths + ["iteration"] + statistics)
    for cell in cells {
      for (record, iteration) in cell.iterations.enumerated() {
        var row = cell.columns + [String(iteration)]
        for metric in moving {
          let values = cell.values(metric, at: record).compactMap(\.self)
          row += [
            Table.cell(Claim.Statistic.mean(values)), Table.cell(Claim.Statistic.std(values)),
            String(values.count),
          ]
        }
        table.append(row)
      }
    }
    return table
  }
}
