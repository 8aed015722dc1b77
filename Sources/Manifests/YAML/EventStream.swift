import CYAML

/// libyaml's parser as a sequence of events with places.
///
/// The only type that touches libyaml; it owns the parser and the bytes that it reads.
struct EventStream: ~Copyable {
  /// What comes next in a document.
  enum Event {
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(String, isPlain: Bool, Mark)
    case listStart(Mark)
    case listEnd
    case mapStart(Mark)
    case mapEnd
    case end
  }

  /// The properties before a node.
  struct Mark {
    let anchor: String?
    let tag: String?
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let file: String
  private let isOverride: Bool
  private let end: Place

  init(_ text: SourceText) {
    file = text.file
    isOverride = text.isOverride
    end = text.end
    bytes = .allocate(capacity: max(1, text.bytes.count))
    _ = bytes.update(fromContentsOf: text.bytes)
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else { fatalError("no memory for a YAML parser") }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress!, text.bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    bytes.deallocate()
  }

  /// The next event and where it starts.
  mutating func next() throws(Diagnostic) -> (event: Event, place: Place) {
    var event = yaml_event_t()
    while true {
      guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
      defer { yaml_event_delete(&event) }
      if let translated = EventStream.translate(event) {
        return (translated, place(event.start_mark))
      }
    }
  }

  /// The place of a mark; an override has but one.
  ///
  /// libyaml may name a line after the last one, where a file ends without a line break.
  private func place(_ mark: yaml_mark_t) -> Place {
    mark.line >= end.line
      ? end : Place(file: file, line: mark.line + 1, column: mark.column + 1)
  }

  /// What usually is behind a complaint of libyaml's.
  private static let hints = [
    (
      complaint: "cannot start any token",
      hint: "only spaces indent, no tabs; a text that starts with @, ` or % needs quotes"
    ),
    (
      complaint: "mapping values are not allowed",
      hint: "a text with ': ' in it needs quotes, and keys of one map start in one column"
    ),
    (
      complaint: "did not find expected key",
      hint: "keys of one map start in one column, and each quote has its other half"
    ),
    (
      complaint: "did not find expected '-' indicator",
      hint: "either all entries of a list start with '- ', in one column, or none"
    ),
  ]

  /// libyaml's complaint at the place where it noticed.
  private func problem() -> Diagnostic {
    guard let text = parser.pointee.problem else {
      return Diagnostic(Place(file: file), "the YAML parser has no memory left")
    }
    var message = "not well-formed YAML: " + String(cString: text)
    if let hint = EventStream.hints.first(where: { message.contains($0.complaint) })?.hint {
      message += " (\(hint))"
    }
    if let context = parser.pointee.context {
      message += " " + String(cString: context)
      let line = parser.pointee.context_mark.line
      if !isOverride, line != parser.pointee.problem_mark.line { message += " of line \(line + 1)" }
    }
    return Diagnostic(place(parser.pointee.problem_mark), message)
  }

  /// The event in Swift's types; nil for those which say nothing.
  private static func translate(_ event: yaml_event_t) -> Event? {
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let buffer = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        String(decoding: buffer, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
        Mark(anchor: text(scalar.anchor), tag: text(scalar.tag)))
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return .listStart(Mark(anchor: text(start.anchor), tag: text(start.tag)))
    case YAML_SEQUENCE_END_EVENT: return .listEnd
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return .mapStart(Mark(anchor: text(start.anchor), tag: text(start.tag)))
    case YAML_MAPPING_END_EVENT: return .mapEnd
    case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return .end
    default: return nil
    }
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}
