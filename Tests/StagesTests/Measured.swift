import Canonical
import Manifests
import Pipeline

@testable import Stages

/// Experiments whose runs measured what a test wants: only the stages after the analysis are real.
enum Measured {
  /// Runs a manifest with these claims and figures on series that were measured, a list of runs a
  /// cell; cells are `data.length` 1, 2, …, seeds 1, 2, ….
  /// - Parameter losses: what is swept in their place, a loss a cell.
  static func experiment(
    _ cells: [[RunSeries]], losses: [String] = [], claims: String = "", figures: String = ""
  ) async throws -> Workshop {
    let lengths = cells.indices.map { String($0 + 1) }
    let (swept, values) = losses.isEmpty ? ("data.length", lengths) : ("train.loss", losses)
    let length = losses.isEmpty ? "" : ", length: 4"
    let text = """
      experiment: measured
      title: Measured
      data: {vocabulary: 4, dimension: 4, sequences: 3\(length)}
      train: {iterations: 1000}
      seeds: 1..\(cells[0].count)
      sweep: {\(swept): [\(values.joined(separator: ", "))]}
      figures: [\(figures)]
      claims: [\(claims)]
      """
    let schema = ManifestSchema([.attention])
    let manifest = try Manifest.read(
      Array(text.utf8), file: "measured.yaml", schema: schema, isFile: { _ in false })
    let analysis = StageKind(
      "analysis", version: 1, scope: .run, reads: [swept], readsSeed: true,
      outputs: [RunSeries.fileName]
    ) { context in
      let value = context.parameters[swept]
      let cell = value.integer.map { $0 - 1 } ?? losses.firstIndex(of: value.string!)!
      return [cells[cell][context.seed - 1].bytes]
    }
    let catalog = Catalog(
      kinds: [analysis, .summary, .figure, .claims], schema: schema, numerics: 1)
    return try await Workshop([manifest], catalog)
  }

  /// Runs that ended with these norms.
  static func finals(_ norms: [Double?]...) -> [[RunSeries]] {
    norms.map { cell in
      cell.map { RunSeries(iterations: [0, 1000], metrics: ["norm": [0, $0]]) }
    }
  }
}
