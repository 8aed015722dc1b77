import Manifests
import Theory

/// One axis of a plot whose ends are known, so that what goes across can be drawn from end to end
/// and labels can be put where nothing else is.
struct PlotAxis {
  /// The values at the two ends.
  let least: Double
  let most: Double
  let scale: Figure.Scale
  /// In points.
  let length: Double

  /// An axis that shows `values`; on a linear one the ends are round.
  /// - Parameters:
  ///   - lines: values, shown as well, that are not to lie on an end.
  ///   - padding: the room, in points, between the ends and the outermost values.
  /// - Returns: nil where there is nothing to show.
  init?(
    _ values: [Double], lines: [Double] = [], _ scale: Figure.Scale, length: Int, padding: Int = 0
  ) {
    func shown(_ values: [Double]) -> [Double] {
      values.filter { PlotAxis.shows($0, scale) }.map { PlotAxis.linear($0, scale) }
    }
    let inner = shown(lines)
    guard var low = shown(values + lines).min(), var high = shown(values + lines).max() else {
      return nil
    }
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    let step = PlotAxis.Step(of: high - low)
    if scale == .linear { (low, high) = (step.below(low), step.above(high)) }
    let span = high - low
    if inner.contains(where: { $0 < low + span / 200 }) {
      low = scale == .linear ? step.below(low - span / 20) : low - span / 20
    }
    if inner.contains(where: { $0 > high - span / 200 }) {
      high = scale == .linear ? step.above(high + span / 20) : high + span / 20
    }
    let room = (high - low) * Double(padding) / Double(length - 2 * padding)
    least = PlotAxis.original(low - room, scale)
    most = PlotAxis.original(high + room, scale)
    self.scale = scale
    self.length = Double(length)
  }

  /// Whether an axis has a place for a value.
  static func shows(_ value: Double, _ scale: Figure.Scale) -> Bool {
    value.isFinite && (scale == .linear || value > 0)
  }

  /// How far a value is from the end with the least, in points; nil where there is no place for it.
  func position(_ value: Double) -> Double? {
    guard PlotAxis.shows(value, scale) else { return nil }
    let (low, high) = (PlotAxis.linear(least, scale), PlotAxis.linear(most, scale))
    return (PlotAxis.linear(value, scale) - low) / (high - low) * length
  }

  /// Values that divide the axis into so many equal parts; the first and the last are its ends.
  func divisions(_ count: Int) -> [Double] {
    let (low, high) = (PlotAxis.linear(least, scale), PlotAxis.linear(most, scale))
    let inner = (1..<count).map { part in
      PlotAxis.original(low + (high - low) * (Double(part) / Double(count)), scale)
    }
    return [least] + inner + [most]
  }

  private static func linear(_ value: Double, _ scale: Figure.Scale) -> Double {
    scale == .log ? Kernels.log(value) : value
  }

  private static func original(_ value: Double, _ scale: Figure.Scale) -> Double {
    scale == .log ? Kernels.exp(value) : value
  }

  /// 1, 2 or 5 times a power of ten, some five of which an interval has.
  private struct Step {
    private var unit = 1.0
    /// Of a step below 1 the inverse, which is a whole number: multiples of it are rounded once.
    private var inverse: Double?

    init(of span: Double) {
      let step = span / 5
      var (tens, fraction) = (1.0, 1.0)
      while tens * 10 <= step { tens *= 10 }
      while 1 / fraction > step { fraction *= 10 }
      let factor = [1.0, 2, 5, 10].last { $0 * tens / fraction <= step * 1.4 } ?? 1
      unit = tens * factor
      if fraction > 1 { inverse = fraction / factor }
    }

    /// The greatest multiple that is not greater than a number.
    func below(_ number: Double) -> Double {
      inverse.map { (number * $0).rounded(.down) / $0 } ?? (number / unit).rounded(.down) * unit
    }

    /// The least multiple that is not less than a number.
    func above(_ number: Double) -> Double { -below(-number) }
  }
}
