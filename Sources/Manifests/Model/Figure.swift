import Canonical

/// A figure that an experiment draws from its analysis.
package struct Figure: Hashable, Sendable {
  /// What the horizontal axis shows.
  package enum Abscissa: Hashable, Sendable {
    /// Training iterations: the series of a run.
    case iteration
    /// A swept parameter: final values over its values.
    case swept(String)
    /// Another metric: final values, a point a run.
    case metric(String)
    /// An index of a metric that has indices: its values along it.
    case index(String)
  }

  /// How values are drawn.
  package enum Kind: String, CaseIterable, Sendable {
    /// A line through the mean (or median) over seeds.
    case line
    /// A point a run.
    case points
    /// A point with a bar from one end of the band to the other.
    case errorbars
    /// How many runs' final values lie in each of several intervals.
    case histogram
    /// A coloured cell for each pair of two swept parameters' values, or of two indices.
    case heatmap
    /// The graphs of one run, laid out by Graphviz.
    case graph
  }

  /// What is shaded around a line.
  package enum Band: String, CaseIterable, Sendable {
    /// One standard deviation over seeds to either side of the mean, as far as values can lie.
    case std
    /// From the 5 % to the 95 % quantile, around the median.
    case quantiles
    case none
  }

  package enum Scale: String, CaseIterable, Sendable {
    case linear
    case log
  }

  /// Unique in its manifest; the name of its files.
  package let name: String
  package let kind: Kind
  /// The metrics shown, at least one but by a graph; exactly one by the colours of a heat map.
  package let metrics: [String]
  package let abscissa: Abscissa
  /// The swept parameter or index on the vertical axis of a heat map; nil elsewhere.
  package let ordinate: String?
  /// The number made of a metric's values over the seeds; nil: the mean, or the median that goes with
  /// a band of quantiles.
  package let statistic: Claim.Statistic?
  /// The swept paths and indices that tell one line from another: all which are not on an axis, in
  /// panels or fixed.
  package let by: [String]
  /// Swept paths held at one value: only those cells are drawn.
  package let cells: [Condition]
  package let band: Band
  package let horizontalScale: Scale
  package let verticalScale: Scale
  package let colourScale: Scale
  package let title: String?
  package let horizontalTitle: String?
  package let verticalTitle: String?
  package let colourTitle: String?
  /// The swept path or index with a panel for each of its values; nil: one panel.
  package var panels: String?
  /// The number of a histogram's intervals.
  package var bins: Int?
  /// The only run that is drawn; nil: all.
  package var seed: Int?
  /// The indices held at one place, of metrics that have indices; nil: the metrics have none.
  package var places: [IndexPlace]?
  package var lines: [ReferenceLine] = []
  /// What the legend calls a metric, if not by its name.
  package var legend: [String: String] = [:]
  /// Where the values of a metric lie, and so the band of mean and standard deviation.
  package var bounds: [String: Bounds] = [:]
}

/// An index of a metric, held at one place: by its number where places have numbers, as iterations do,
/// else counted from 0.
package struct IndexPlace: Hashable, Sendable {
  package let index: String
  /// Nil: the last.
  package let place: Int?

  package init(index: String, place: Int?) { (self.index, self.place) = (index, place) }
}

/// A swept path held at one of its values.
package struct Condition: Hashable, Sendable {
  package let path: String
  package let value: Value

  package init(path: String, value: Value) {
    self.path = path
    self.value = value
  }

  package func holds(for cell: Cell) -> Bool { cell.parameters[path] == value }
}
