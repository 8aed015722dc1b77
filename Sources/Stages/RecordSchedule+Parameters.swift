import Canonical
import Manifests
import Theory

/// The parameter `train.record`, which every model with a trajectory has.
extension RecordSchedule {
  /// What `train.record` may be.
  static let shape = Shape.choice([
    .init("every", .integer(1...1_000_000_000), doc: "Every k-th iteration, and the last."),
    .init("log", .integer(1...1_000_000), doc: "About m iterations evenly spaced in log τ."),
  ])

  init(_ parameters: Parameters) {
    let record = parameters["train.record"]
    self = record["every"]?.integer.map(RecordSchedule.every) ?? .log(record["log"]!.integer!)
  }

  /// Which iterations a run records, for claims about one of them.
  static let records = Records(reads: ["train.record", "train.iterations"]) { cell, iteration in
    RecordSchedule(cell).around(iteration, through: cell["train.iterations"].integer!)
  }

  /// The most bytes that the records of a run may take.
  private static let largestTrajectory = 64 << 20

  /// What is wrong with `train.record` where a record is a matrix; a schedule that fits is named.
  /// - Parameter owner: what has so large matrices, in words.
  static func violations(
    _ cell: Parameters, rows: Int, columns: Int, of owner: String
  ) -> [Violation] {
    let last = cell["train.iterations"].integer!
    let matrix = 8 * rows * columns
    let records =
      if let step = cell["train.record"]["every"]?.integer {
        (last + step - 1) / step + 1
      } else {
        min(cell["train.record"]["log"]!.integer! + 2, last + 1)
      }
    guard records > largestTrajectory / matrix else { return [] }
    let most = largestTrajectory / matrix
    let way =
      most < 3
      ? "no schedule is small enough for \(owner)" : "use one such as {log: \(most - 2)}"
    return [
      Violation(
        "train.record",
        "\(records) records of \(rows)×\(columns) numbers are more than 64 MiB; \(way)")
    ]
  }
}
