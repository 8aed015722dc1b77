/// Numbers as text, with one spelling each.
package enum Decimal {
  /// The shortest decimal that reads back as `value`: `3`, `0.1`, `1e-05` as `1e-5`.
  ///
  /// Swift's own description is the shortest round-trip (Errol/SwiftDtoa); only the decoration is
  /// changed: no trailing `.0`, no padded or signed exponent, no negative zero.
  /// - Returns: nil where there is no number to write: NaN and the infinities.
  package static func text(_ value: Double) -> String? {
    var text: [UInt8] = []
    return append(value, to: &text) ? String(decoding: text, as: UTF8.self) : nil
  }

  /// The nearest number of so many significant digits; what stands before the point stays whole.
  package static func shortened(_ value: Double, digits: Int) -> Double {
    guard value != 0, value.isFinite else { return value }
    let plain = value.description
    if let mark = plain.firstIndex(of: "e"), let mantissa = Double(plain[..<mark]) {
      return Double("\(shortened(mantissa, digits: digits))\(plain[mark...])") ?? value
    }
    let least = (1..<digits).reduce(1.0) { power, _ in power * 10 }
    var scale = 1.0
    while abs(value) * scale < least { scale *= 10 }
    return (value * scale).rounded() / scale
  }

  /// Appends what ``text(_:)`` gives; false, and nothing, where there is no number to write.
  static func append(_ value: Double, to text: inout [UInt8]) -> Bool {
    guard value.isFinite else { return false }
    var plain = value == 0 ? "0" : value.description
    plain.withUTF8 { plain in
      let mark = plain.firstIndex(of: UInt8(ascii: "e")) ?? plain.endIndex
      let isWhole = plain[..<mark].suffix(2).elementsEqual(".0".utf8)
      text += plain[..<(isWhole ? mark - 2 : mark)]
      guard mark < plain.endIndex else { return }
      text.append(UInt8(ascii: "e"))
      let exponent = plain[(mark + 1)...]
      if exponent.first == UInt8(ascii: "-") { text.append(UInt8(ascii: "-")) }
      text += exponent.drop { !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
    }
    return true
  }
}
