import Manifests

extension Claim.Statistic {
  /// The statistics that `summary.csv` lists.
  static let summarised: [Claim.Statistic] = [.mean, .std, .min, .max, .median, .q05, .q95]

  /// The statistic of `values`, summed in their order.
  /// - Returns: nil where it does not exist: of no values, of one for `std`, and for `slope`,
  ///   which is no statistic of one set of values.
  package func callAsFunction(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let count = Double(values.count)
    switch self {
    case .mean: return values.reduce(0, +) / count
    case .std:
      guard values.count > 1, let mean = Claim.Statistic.mean(values) else { return nil }
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / (count - 1)).squareRoot()
    case .min: return values.min()
    case .max: return values.max()
    case .median: return Claim.Statistic.quantile(values, 0.5)
    case .q05: return Claim.Statistic.quantile(values, 0.05)
    case .q95: return Claim.Statistic.quantile(values, 0.95)
    case .share: return Double(values.count { $0 != 0 }) / count
    case .slope: return nil
    }
  }

  /// The quantile with linear interpolation between order statistics, as NumPy's default
  /// (Hyndman and Fan's definition 7, doi:10.1080/00031305.1996.10473566).
  private static func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return sorted[below] }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
