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
  /// - Parameter padding: the room, in points, between the ends and the outermost values.
  /// - Returns: nil where there is nothing to show.
  init?(_ values: [Double], _ scale: Figure.Scale, length: Int, padding: Int = 0) {
    let shown = values.filter { PlotAxis.shows($0, scale) }.map { PlotAxis.linear($0, scale) }
    guard var low = shown.min(), var high = shown.max() else { return nil }
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    if scale == .linear { (low, high) = PlotAxis.rounded(low, high) }
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

  /// The ends of the least interval between multiples of 1, 2 or 5 times a power of ten, some five of
  /// which it has.
  private static func rounded(_ low: Double, _ high: Double) -> (Double, Double) {
    let step = (high - low) / 5
    var tens = 1.0
    while tens * 10 <= step { tens *= 10 }
    var fraction = 1.0
    while 1 / fraction > step { fraction *= 10 }
    // Of a step below 1 the inverse is a whole number, and multiples of it are not rounded twice.
    let factor = [1.0, 2, 5, 10].last { $0 * tens / fraction <= step * 1.4 } ?? 1
    guard fraction > 1 else {
      let unit = tens * factor
      return ((low / unit).rounded(.down) * unit, (high / unit).rounded(.up) * unit)
    }
    let inverse = fraction / factor
    return ((low * inverse).rounded(.down) / inverse, (high * inverse).rounded(.up) / inverse)
  }
}
