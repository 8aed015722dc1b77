import Canonical

/// What a value may be: checked by the reader, printed by the JSON Schema.
package indirect enum Shape: Sendable {
  case boolean
  /// A whole number; one written as `1e3` counts, and is read as `1000`.
  case integer(ClosedRange<Int>)
  /// A finite number; a whole number counts, and is read as a real one.
  case number(Bounds)
  case string(Pattern)
  /// One of a closed set of names, each alone or with a payload as `{name: payload}`.
  case choice([Option])
  case list(Shape, count: ClosedRange<Int>)
  /// A map of known keys, so many at least; of the keys `exactlyOne`, if any, one must be given and
  /// no second.
  case record([Entry], exactlyOne: [String], atLeast: Int)
  /// A file that exists, by its path from the manifest's folder, with one of these extensions; with
  /// any name if there are none.
  case file([String])
  /// One of several shapes that are told apart by their kind of value, the best fitting first.
  case either([Shape])
  /// A shape that the JSON Schema names once and refers to.
  case reference(String, Shape)

  /// A list of any length from one.
  package static func list(_ element: Shape) -> Shape { .list(element, count: 1...Int.max) }

  package static func record(_ entries: [Entry], exactlyOne: [String] = []) -> Shape {
    .record(entries, exactlyOne: exactlyOne, atLeast: 0)
  }

  /// A closed set of names without payloads.
  package static func names(_ names: [String]) -> Shape { .choice(names.map { Option($0) }) }

  /// A choice: a name, with or without a payload.
  package struct Option: Sendable {
    package let name: String
    package let payload: Shape?
    package let doc: String

    package init(_ name: String, _ payload: Shape? = nil, doc: String = "") {
      self.name = name
      self.payload = payload
      self.doc = doc
    }
  }

  /// A key of a record.
  package struct Entry: Sendable {
    package let name: String
    package let shape: Shape
    package let isRequired: Bool
    /// What is meant without the key, for people; nil if there is nothing to say.
    package let fallback: Value?
    package let doc: String

    package init(
      _ name: String, _ shape: Shape, required: Bool = false, default fallback: Value? = nil,
      _ doc: String
    ) {
      self.name = name
      self.shape = shape
      isRequired = required
      self.fallback = fallback
      self.doc = doc
    }
  }
}

/// Where a number may lie.
package struct Bounds: Hashable, Sendable {
  /// An end of an interval.
  package enum End: Hashable, Sendable {
    case open
    case including(Double)
    case excluding(Double)
  }

  package let lower: End
  package let upper: End

  package init(lower: End = .open, upper: End = .open) {
    self.lower = lower
    self.upper = upper
  }

  /// Any finite number.
  package static let any = Bounds()
  /// Greater than 0.
  package static let positive = Bounds(lower: .excluding(0))
  /// 0 or greater.
  package static let nonnegative = Bounds(lower: .including(0))
  /// From −1 to 1.
  package static let correlation = Bounds(lower: .including(-1), upper: .including(1))
  /// From 0 to 1.
  package static let share = Bounds(lower: .including(0), upper: .including(1))

  package func contains(_ number: Double) -> Bool {
    number.isFinite && reaches(number, number)
  }

  /// Whether a number from `low` to `high` is within.
  func reaches(_ low: Double, _ high: Double) -> Bool {
    let above =
      switch lower {
      case .open: true
      case .including(let end): high >= end
      case .excluding(let end): high > end
      }
    let below =
      switch upper {
      case .open: true
      case .including(let end): low <= end
      case .excluding(let end): low < end
      }
    return above && below
  }
}

/// What a string may look like.
package struct Pattern: Sendable {
  /// The noun with its article, as an error says it.
  package let noun: String
  /// The same rule for the JSON Schema (ECMA 262); nil for any string.
  package let regex: String?
  package let matches: @Sendable (String) -> Bool

  package init(noun: String, regex: String?, matches: @escaping @Sendable (String) -> Bool) {
    self.noun = noun
    self.regex = regex
    self.matches = matches
  }

  /// A string that is not empty.
  package static let text = Pattern(
    noun: "a text that is not empty", regex: #"^[\s\S]"#, matches: { !$0.isEmpty })

  /// A name that is safe in file names and addresses.
  package static let slug = Pattern(
    noun: "a name of 1 to 64 of the characters a-z, 0-9 and -", regex: "^[a-z0-9-]{1,64}$",
    matches: { name in
      1...64 ~= name.utf8.count
        && name.utf8.allSatisfy {
          UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0
            || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-")
        }
    })
}
