import Canonical
import TestSupport

extension Value {
  /// A small random value; few distinct leaves, so that equal values are common.
  static func random(_ source: inout SplitMix, depth: Int = 3) -> Value {
    switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &source) {
    case 0: .null
    case 1: .bool(.random(using: &source))
    case 2: .integer([0, 1, -1, .min, .max].randomElement(using: &source)!)
    case 3:
      .number(
        [0, -0.0, 1, .pi, .nan, -.infinity, .leastNonzeroMagnitude].randomElement(using: &source)!)
    case 4: .string(strings.randomElement(using: &source)!)
    case 5:
      .list(
        (0..<Int.random(in: 0...3, using: &source)).map { _ in
          random(&source, depth: depth - 1)
        })
    default:
      .map(
        Dictionary(
          (0..<Int.random(in: 0...3, using: &source)).map { _ in
            (strings.randomElement(using: &source)!, random(&source, depth: depth - 1))
          }, uniquingKeysWith: { first, _ in first }))
    }
  }

  static let strings = ["", "a", "ab", "b", "é", "\u{0}", "\"\\\n\u{1f}", "𝛑", "0", "l"]

  /// Whether two values are one for the encoding: strings by their bytes, all NaNs one, both zeros.
  func means(_ other: Value) -> Bool {
    switch (self, other) {
    case (.number(let left), .number(let right)): left == right || left.isNaN && right.isNaN
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.means($1) }
    case (.map(let left), .map(let right)):
      left.count == right.count
        && left.allSatisfy { key, value in right[key].map(value.means) ?? false }
    default: self == other
    }
  }
}
