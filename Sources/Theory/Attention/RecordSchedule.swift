/// At which iterations descent records its weights; 0 and the last always are.
package enum RecordSchedule: Hashable, Sendable {
  /// Every k-th iteration.
  case every(Int)
  /// At most m iterations after 0, in equal ratios from 1 to the last.
  case log(Int)

  /// The iterations to record, ascending, in a run of `last` iterations.
  package func iterations(through last: Int) -> [Int] {
    precondition(last >= 0, "a run of \(last) iterations")
    switch self {
    case .every(let interval):
      precondition(interval >= 1, "records every \(interval) iterations")
      let regular = Array(stride(from: 0, through: last, by: interval))
      return last % interval == 0 ? regular : regular + [last]
    case .log(let count):
      precondition(count >= 1, "\(count) records")
      return last == 0 ? [0] : [0] + Self.geometric(count, through: last)
    }
  }

  /// The recorded iterations next to `iteration` in a run of `last`: itself twice, or those before
  /// and after it.
  /// - Precondition: 0 ≤ iteration ≤ last.
  package func around(_ iteration: Int, through last: Int) -> (before: Int, after: Int) {
    precondition(0...last ~= iteration, "iteration \(iteration) of \(last)")
    if iteration == last { return (last, last) }
    if case .every(let interval) = self {
      let before = iteration / interval * interval
      if before == iteration { return (before, before) }
      let (after, isBeyond) = before.addingReportingOverflow(interval)
      return (before, isBeyond ? last : min(after, last))
    }
    let records = iterations(through: last)
    let after = records.first { $0 >= iteration }!
    return (records.last { $0 <= iteration }!, after)
  }

  /// The distinct nearest integers to `ratio^i`, i < count, with ratio^(count − 1) = last.
  ///
  /// The ratio is found by bisection with multiplications alone, so every machine has the same.
  private static func geometric(_ count: Int, through last: Int) -> [Int] {
    guard count > 1, last > 1 else { return [last] }
    let end = Double(last)
    var (low, high) = (1.0, end)
    for _ in 0..<100 {
      let middle = low + (high - low) / 2
      if powers(of: middle, count).last! <= end { low = middle } else { high = middle }
    }
    var result: [Int] = []
    for power in powers(of: low, count).dropLast() {
      let iteration = Int(power.rounded())
      if iteration < last, iteration > result.last ?? 0 { result.append(iteration) }
    }
    return result + [last]
  }

  /// 1, ratio, ratio², …: `count` of them, each the one before times the ratio.
  private static func powers(of ratio: Double, _ count: Int) -> [Double] {
    (1..<count).reduce(into: [1.0]) { powers, _ in powers.append(powers[powers.count - 1] * ratio) }
  }
}
