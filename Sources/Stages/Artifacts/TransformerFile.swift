import Canonical
import Theory

/// A transformer's training as arrays, R records, A maps, of layers `l` and length L.
///
/// - `iterations`, `training-losses`, `gradient-norms`, `validation-losses` [R]; NaN: missing.
/// - `entropies`, `evenness` [R, l]: the entropy of attention in nats, and over its greatest value.
/// - `map-iterations` [A], `maps` [A, l, L, L]: a row a query, a column a key; `map-tokens` [L].
/// - `unigram-loss` [1].
struct TransformerFile {
  static let name = "training.safetensors"

  let iterations: [Int]
  /// By name: `training-losses`, `gradient-norms`, `validation-losses`.
  let series: [String: [Double]]
  /// At [record][layer].
  let entropies: [[Double]]
  let evenness: [[Double]]
  let mapIterations: [Int]
  let maps: [Double]
  let mapTokens: [Int]
  let unigramLoss: Double

  init(run: TransformerRun, unigramLoss: Double, mapTokens: [Int]) {
    iterations = run.records.map(\.iteration)
    series = [
      "training-losses": run.records.map { $0.trainingLoss ?? .nan },
      "gradient-norms": run.records.map { $0.gradientNorm ?? .nan },
      "validation-losses": run.records.map(\.validationLoss),
    ]
    entropies = run.records.map { $0.entropies.map { $0.mean ?? .nan } }
    evenness = run.records.map { $0.entropies.map { $0.share ?? .nan } }
    mapIterations = run.mapIterations
    maps = run.maps.flatMap { $0.flatMap(\.elements) }
    (self.unigramLoss, self.mapTokens) = (unigramLoss, mapTokens)
  }

  var bytes: [UInt8] {
    var tensors = Tensors()
    tensors.set("iterations", iterations)
    for (name, values) in series { tensors.set(name, values) }
    let layers = entropies.first?.count ?? 0
    for (name, rows) in [("entropies", entropies), ("evenness", evenness)] {
      tensors.set(name, rows.flatMap(\.self), shape: [rows.count, layers])
    }
    tensors.set("map-iterations", mapIterations)
    let length = mapTokens.count
    tensors.set("maps", maps, shape: [mapIterations.count, layers, length, length])
    tensors.set("map-tokens", mapTokens)
    tensors.set("unigram-loss", [unigramLoss])
    return tensors.bytes
  }

  init(bytes: [UInt8]) throws(FormatError) {
    let tensors = try Tensors(bytes: bytes)
    func rows(_ name: String) throws(FormatError) -> [[Double]] {
      let (values, shape) = try tensors.numbers(name)
      guard shape.count == 2 else { throw FormatError("'\(name)' is no matrix") }
      return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
    }
    iterations = try tensors.integers("iterations").values
    var series: [String: [Double]] = [:]
    for name in ["training-losses", "gradient-norms", "validation-losses"] {
      series[name] = try tensors.numbers(name).values
    }
    self.series = series
    (entropies, evenness) = (try rows("entropies"), try rows("evenness"))
    mapIterations = try tensors.integers("map-iterations").values
    maps = try tensors.numbers("maps").values
    mapTokens = try tensors.integers("map-tokens").values
    unigramLoss = try tensors.numbers("unigram-loss").values[0]
  }
}
