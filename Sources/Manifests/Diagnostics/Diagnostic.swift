import Canonical

/// One thing that is wrong with a manifest, and where.
package struct Diagnostic: Error, Hashable, Sendable {
  package let place: Place
  /// What is wrong, in one sentence without its full stop.
  package let message: String
  /// The nearest valid name, where a name is not known.
  package let suggestion: String?

  package init(_ place: Place, _ message: String, suggestion: String? = nil) {
    self.place = place
    self.message = message
    self.suggestion = suggestion
  }

  /// The machine form: `file`, `line`, `column`, `message`, `suggestion`.
  ///
  /// `line` and `column` are null for an override or a file that could not be read.
  package var value: Value {
    [
      "file": .string(place.file),
      "line": place.line == 0 ? .null : .integer(place.line),
      "column": place.line == 0 ? .null : .integer(place.column),
      "message": .string(message),
      "suggestion": suggestion.map(Value.string) ?? .null,
    ]
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: what is wrong; did you mean 'name'?`
  package var description: String {
    let hint = suggestion.map { "; did you mean '\($0)'?" } ?? ""
    return "\(place): \(message)\(hint)"
  }
}

/// All that is wrong with a manifest, in the order of its lines, each thing once.
package struct Diagnostics: Error, Hashable, Sendable {
  package let all: [Diagnostic]

  package init(_ diagnostics: [Diagnostic]) {
    all = Set(diagnostics).sorted { ($0.place, $0.message) < ($1.place, $1.message) }
  }
}

extension Diagnostics: CustomStringConvertible {
  /// A line each.
  package var description: String { all.map(\.description).joined(separator: "\n") }

  /// The machine forms, in order.
  package var value: Value { .list(all.map(\.value)) }
}
