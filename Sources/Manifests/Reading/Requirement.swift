import Canonical

/// A condition on a run, such as `seed=7` or `correlation<0.95`: a part of an address, or of a
/// question to a table. The only reader of such texts.
///
/// The value is read as YAML reads it in a manifest, and compared as a value, not as a text:
/// `{random: 2}`, `{random: 2.0}` and `{"random":2}` are the same.
package struct Requirement: Hashable, Sendable {
  package enum Sign: String, CaseIterable, Sendable {
    case differs = "!="
    case atMost = "<="
    case atLeast = ">="
    case equals = "="
    case below = "<"
    case above = ">"
  }

  /// The parameter or column, or the last part of its name.
  package let name: String
  package let sign: Sign
  private let text: String
  private let value: Value

  /// One condition, such as `seed=7`.
  private init(_ condition: Substring) throws(FormatError) {
    let places = Sign.allCases.compactMap { sign in
      condition.firstRange(of: sign.rawValue).map { (sign, $0) }
    }
    guard let (sign, place) = places.min(by: { $0.1.lowerBound < $1.1.lowerBound }) else {
      throw FormatError(
        "'\(condition)' is no condition: write name=value or another sign, as seed=7 or norm<0.95")
    }
    name = Requirement.trimmed(condition[..<place.lowerBound])
    self.sign = sign
    text = Requirement.trimmed(condition[place.upperBound...])
    value = Requirement.value(of: text)
  }

  /// What YAML makes of the text; the text itself where it is no YAML.
  private static func value(of text: String) -> Value {
    guard !text.isEmpty else { return .null }
    guard let source = try? SourceText(Array(text.utf8), file: text, isOverride: true) else {
      return .string(text)
    }
    let document = Document(source)
    guard let root = document.root, document.diagnostics.isEmpty else { return .string(text) }
    return root.value.withWholeNumbers
  }

  private static func trimmed(_ text: Substring) -> String {
    var rest = text.drop(while: { $0 == " " })
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}

extension Requirement: CustomStringConvertible {
  package var description: String { name + sign.rawValue + text }
}

extension Requirement {
  /// Conditions between commas, such as the inside of an address.
  ///
  /// Commas inside of brackets, braces and quotes, and those after which no condition follows,
  /// belong to a value.
  package static func list(_ text: String) throws(FormatError) -> [Requirement] {
    var conditions: [Requirement] = []
    for part in try parts(of: text) { conditions.append(try Requirement(part)) }
    return conditions
  }

  private static func parts(of text: String) throws(FormatError) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    var depth = 0
    var quote: Character?
    /// The last character that is no space: a quote opens only where a value may start.
    var last: Character = "="
    var isEscaped = false
    for place in text.indices {
      let character = text[place]
      switch character {
      case _ where isEscaped: isEscaped = false
      case "\\" where quote == "\"": isEscaped = true
      case _ where quote != nil:
        if character == quote { quote = nil }
      case "\"", "'":
        if "=<>[{,:".contains(last) { quote = character }
      case "[", "{": depth += 1
      case "]", "}": depth -= 1
      case "," where depth == 0 && isStart(text[text.index(after: place)...]):
        parts.append(text[start..<place])
        start = text.index(after: place)
      default: break
      }
      if character != " " { last = character }
    }
    guard depth == 0, quote == nil else {
      throw FormatError("'\(text)' has a bracket or a quote without its other half")
    }
    return parts + [text[start...]]
  }

  /// Whether the text starts with a name and a sign.
  private static func isStart(_ text: Substring) -> Bool {
    let isOfName: (Character) -> Bool = { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    let name = text.drop(while: { $0 == " " }).prefix(while: isOfName)
    let rest = text[name.endIndex...].drop(while: { $0 == " " })
    return !name.isEmpty && Sign.allCases.contains { rest.starts(with: $0.rawValue) }
  }
}

extension Requirement {
  /// The place among `names` of the one that is meant: by the whole name, or by the last part of it
  /// where only one has it.
  package static func index(of name: String, among names: [String]) -> Int? {
    if let index = names.firstIndex(of: name) { return index }
    let near = names.indices.filter { names[$0].hasSuffix("." + name) }
    return near.count == 1 ? near[0] : nil
  }

  /// The one among `names` that was most likely meant, by its whole name or by the last part of it.
  package static func nearest(to name: String, among names: [String]) -> String? {
    if let near = Suggestion.nearest(to: name, among: names) { return near }
    let parts = names.map { $0.split(separator: ".").last.map(String.init) ?? "" }
    guard let near = Suggestion.nearest(to: name, among: parts) else { return nil }
    return parts.firstIndex(of: near).map { names[$0] }
  }

  /// Whether a parameter with this value satisfies it. There is an order only among numbers.
  package func holds(for other: Value) -> Bool {
    let other = other.withWholeNumbers
    switch sign {
    case .equals: return other == value
    case .differs: return other != value
    default: break
    }
    guard let left = other.double, let right = value.double else { return false }
    return switch sign {
    case .atMost: left <= right
    case .atLeast: left >= right
    case .below: left < right
    default: left > right
    }
  }

  /// Whether the cell of a table satisfies it. A missing one is only equal to itself.
  package func holds(forCell cell: String) -> Bool {
    if cell == text, sign == .equals || sign == .differs { return sign == .equals }
    if cell.isEmpty { return holds(for: .null) }
    let number = Int(cell).map(Value.integer) ?? Double(cell).map(Value.number)
    return holds(for: number ?? Value(json: Array(cell.utf8)) ?? .string(cell))
  }
}

extension Value {
  /// The same value with whole numbers as integers, so that `2.0` and `2` are one.
  fileprivate var withWholeNumbers: Value {
    switch self {
    case .number(let number): Int(exactly: number).map(Value.integer) ?? self
    case .list(let values): .list(values.map(\.withWholeNumbers))
    case .map(let entries): .map(entries.mapValues(\.withWholeNumbers))
    default: self
    }
  }
}
