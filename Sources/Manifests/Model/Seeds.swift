import Canonical

/// The seeds of an experiment, each once, in ascending order.
///
/// They are kept as ranges: a million of them take a few words.
package struct Seeds: Hashable, Sendable {
  /// The most seeds that an experiment may have.
  package static let limit = 1_000_000

  /// Ascending ranges with gaps between them.
  package let ranges: [ClosedRange<Int>]

  /// The seeds of `ranges`, sorted, neighbours joined.
  /// - Precondition: No two ranges overlap.
  package init(_ ranges: [ClosedRange<Int>]) {
    var joined: [ClosedRange<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard let last = joined.last else {
        joined.append(range)
        continue
      }
      precondition(last.upperBound < range.lowerBound, "a seed is given twice")
      if last.upperBound + 1 == range.lowerBound {
        joined[joined.count - 1] = last.lowerBound...range.upperBound
      } else {
        joined.append(range)
      }
    }
    self.ranges = joined
  }

  package init(_ range: ClosedRange<Int>) { self.init([range]) }

  package var count: Int { ranges.reduce(0) { $0 + $1.count } }

  package func contains(_ seed: Int) -> Bool { ranges.contains { $0.contains(seed) } }
}

extension Seeds: Sequence {
  package func makeIterator() -> FlattenSequence<[ClosedRange<Int>]>.Iterator {
    ranges.joined().makeIterator()
  }

  package var underestimatedCount: Int { count }
}

extension Seeds: CustomStringConvertible {
  /// The one spelling: `1..100`, `7`, `[1..10, 42]`.
  package var description: String {
    let parts = ranges.map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)..\($0.upperBound)"
    }
    return parts.count == 1 ? parts[0] : "[" + parts.joined(separator: ", ") + "]"
  }

  /// The seeds as a manifest would write them.
  package var value: Value {
    let parts = ranges.map { range -> Value in
      range.count == 1
        ? .integer(range.lowerBound) : .string("\(range.lowerBound)..\(range.upperBound)")
    }
    return parts.count == 1 ? parts[0] : .list(parts)
  }
}
