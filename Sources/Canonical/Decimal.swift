/// Numbers as text, with one spelling each.
package enum Decimal {
  /// The shortest decimal that reads back as `value`: `3`, `0.1`, `1e-05` as `1e-5`.
  ///
  /// Swift's own description is the shortest round-trip (Errol/SwiftDtoa); only the decoration is
  /// changed: no trailing `.0`, no padded or signed exponent, no negative zero.
  /// - Returns: nil where there is no number to write: NaN and the infinities.
  package static func text(_ value: Double) -> String? {
    guard value.isFinite else { return nil }
    if value == 0 { return "0" }
    let plain = value.description
    guard let mark = plain.firstIndex(of: "e") else {
      return plain.hasSuffix(".0") ? String(plain.dropLast(2)) : plain
    }
    var mantissa = plain[..<mark]
    if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
    let exponent = Int(plain[plain.index(after: mark)...])!
    return "\(mantissa)e\(exponent)"
  }
}
