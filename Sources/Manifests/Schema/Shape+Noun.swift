import Canonical

extension Shape {
  /// What a value must be, as an error says it: `an integer from 1 to 9`, `true or false`.
  var noun: String {
    switch self {
    case .boolean: "true or false"
    case .integer(let range):
      "an integer from \(range.lowerBound) to "
        + (range.upperBound == .max ? "2^63-1" : "\(range.upperBound)")
    case .number(let bounds): bounds.noun
    case .string(let pattern): pattern.noun
    case .choice(let options): Shape.listed(options.map(\.noun))
    case .list(_, let count): count == 2...2 ? "a list of 2 elements" : "a list"
    case .record: "a map"
    case .file(let extensions):
      extensions.isEmpty
        ? "the path of a file"
        : "the path of a \(Shape.listed(extensions.map { ".\($0)" })) file"
    case .either(let shapes): Shape.listed(shapes.map(\.noun))
    case .reference(_, let shape): shape.noun
    }
  }

  /// `a, b or c`; long lists are cut.
  private static func listed(_ names: [String]) -> String {
    guard names.count > 1 else { return names.first ?? "nothing" }
    guard names.count <= 10 else {
      return names.prefix(4).joined(separator: ", ") + " or one of \(names.count - 4) others"
    }
    return names.dropLast().joined(separator: ", ") + " or " + names.last!
  }

  /// Whether `node` is of the kind of value that the shape is about, right or wrong.
  func fits(_ node: Node) -> Bool {
    switch (self, node.content) {
    case (.either(let shapes), _): shapes.contains { $0.fits(node) }
    case (.reference(_, let shape), _): shape.fits(node)
    case (.boolean, .scalar(.bool, _)): true
    case (.integer, .scalar(.integer, _)), (.integer, .scalar(.number, _)): true
    case (.number, .scalar(.integer, _)), (.number, .scalar(.number, _)): true
    case (.string, .scalar(.string, _)), (.file, .scalar(.string, _)): true
    case (.choice, .scalar(.string, _)): true
    case (.choice(let options), .map): options.contains { $0.payload != nil }
    case (.list, .list), (.record, .map): true
    default: false
    }
  }
}

extension Shape.Option {
  /// `name`, or `{name: …}` with a payload.
  var noun: String { payload == nil ? name : "{\(name): …}" }
}

extension Bounds {
  var noun: String {
    switch (lower, upper) {
    case (.open, .open): "a finite number"
    case (.including(let end), .open): "a number of at least \(Bounds.text(end))"
    case (.excluding(let end), .open): "a number greater than \(Bounds.text(end))"
    case (.open, .including(let end)): "a number of at most \(Bounds.text(end))"
    case (.open, .excluding(let end)): "a number less than \(Bounds.text(end))"
    case (.including(let low), .including(let high)): Bounds.interval("[", low, high, "]")
    case (.including(let low), .excluding(let high)): Bounds.interval("[", low, high, ")")
    case (.excluding(let low), .including(let high)): Bounds.interval("(", low, high, "]")
    case (.excluding(let low), .excluding(let high)): Bounds.interval("(", low, high, ")")
    }
  }

  private static func interval(
    _ open: String, _ low: Double, _ high: Double, _ close: String
  ) -> String {
    "a number in \(open)\(text(low)), \(text(high))\(close)"
  }

  private static func text(_ end: Double) -> String { Decimal.text(end) ?? "infinity" }
}
