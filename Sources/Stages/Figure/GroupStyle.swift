import Canonical

/// What tells the groups of a figure apart beside their colours, and how their legend is laid out.
enum GroupStyle {
  /// Up to so many groups Vega-Lite's own dashes differ, and marks need no shapes.
  static let limit = 5

  /// What Vega-Lite draws points and lines without groups in, but no rules.
  static let colourOfNoGroup: Value = "#4c78a8"

  /// As many as shapes, and one less than colours: they come around together only after 56 groups.
  static let dashes: Value = [
    [1, 0], [6, 2], [2, 2], [8, 2, 2, 2], [1, 2], [10, 4], [8, 2, 2, 2, 2, 2],
  ]

  static let shapes: Value = [
    "circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right",
  ]

  /// As many columns as there is room for below a plot of `width` points, and then the title above
  /// them; nothing where the style's three fit.
  static func legend(of labels: [String], width: Int) -> [String: Value] {
    // A character of the legend's type takes about 4.7 points, its symbol and the gaps 34.
    let room = (labels.map(\.count).max() ?? 0) * 47 / 10 + 34
    let columns = max(1, (width + 50) / room)
    if columns >= min(3, labels.count) { return [:] }
    return ["columns": .integer(columns), "titleOrient": "top"]
  }
}
