import Canonical

/// A YAML file as a tree: aliases expanded, merge keys resolved, within fixed limits.
struct Document {
  /// The most lists and maps inside each other.
  static let deepest = 64
  /// The most nodes (values and keys) after aliases are expanded.
  static let largest = 100_000

  /// nil where the file is no YAML at all.
  private(set) var root: Node?
  /// What is wrong so far.
  private(set) var diagnostics: [Diagnostic] = []

  private var open: [Collection] = []
  private var anchors: [String: Node] = [:]
  private var count = 0

  /// Reads all of `text`; what cannot be read is in ``diagnostics``.
  init(_ text: SourceText) {
    var events = EventStream(text)
    do throws(Diagnostic) {
      try read(&events, file: text.file)
    } catch {
      root = nil
      diagnostics.append(error)
    }
  }

  private mutating func read(_ events: inout EventStream, file: String) throws(Diagnostic) {
    var documents = 0
    while true {
      let (event, place) = try events.next()
      switch event {
      case .end:
        guard documents > 0 else { throw Diagnostic(Place(file: file), "the file is empty") }
        return
      case .documentStart:
        documents += 1
        if documents > 1 { throw Diagnostic(place, "a second document starts; one is allowed") }
      case .documentEnd:
        break
      case .alias(let name):
        try add(alias(name, at: place))
      case .scalar(let text, let isPlain, let mark):
        try add(scalar(text, isPlain: isPlain, mark, at: place), mark.anchor, isPlain: isPlain)
      case .listStart(let mark):
        try start(Collection(isMap: false, mark, place))
      case .mapStart(let mark):
        try start(Collection(isMap: true, mark, place))
      case .listEnd, .mapEnd:
        let closed = open.removeLast()
        try add(close(closed), closed.mark.anchor)
      }
    }
  }

  private mutating func start(_ collection: Collection) throws(Diagnostic) {
    guard open.count < Document.deepest else {
      throw Diagnostic(collection.place, "more than \(Document.deepest) levels of lists and maps")
    }
    let name = collection.isMap ? "map" : "seq"
    if let tag = collection.mark.tag, !CoreSchema.allows(tag, on: name) {
      let kind = collection.isMap ? "map" : "list"
      report(collection.place, "the tag \(Node.quoted(CoreSchema.shown(tag))) fits no \(kind)")
    }
    open.append(collection)
  }

  /// Puts a complete node where it belongs: into the innermost open collection, or at the root.
  private mutating func add(
    _ node: Node, _ anchor: String? = nil, isPlain: Bool = false
  ) throws(Diagnostic) {
    if let anchor { anchors[anchor] = node }
    guard open.count + node.height <= Document.deepest else {
      throw Diagnostic(node.place, "more than \(Document.deepest) levels of lists and maps")
    }
    guard let innermost = open.indices.last else {
      root = node
      return
    }
    if let fault = open[innermost].append(node, isPlain: isPlain) { diagnostics.append(fault) }
  }

  /// The collection with all that was read into it, merge keys resolved.
  private mutating func close(_ collection: Collection) throws(Diagnostic) -> Node {
    let (node, merged) = collection.node
    try spend(1 + merged, at: collection.place)
    return node
  }

  private mutating func alias(_ name: String, at place: Place) throws(Diagnostic) -> Node {
    if open.contains(where: { $0.mark.anchor == name }) {
      report(place, "the alias \(Node.quoted("*" + name)) stands inside of what it names")
    } else if let node = anchors[name] {
      try spend(node.count, at: place)
      return node
    } else {
      let near = Suggestion.nearest(
        to: name, among: anchors.count < 100 ? anchors.keys.sorted() : [])
      report(place, "the alias \(Node.quoted("*" + name)) has no anchor", near.map { "*" + $0 })
    }
    return Node(.unknown, at: place)
  }

  private mutating func scalar(
    _ text: String, isPlain: Bool, _ mark: EventStream.Mark, at place: Place
  ) throws(Diagnostic) -> Node {
    try spend(1, at: place)
    guard let tag = mark.tag else {
      let value = isPlain ? CoreSchema.resolve(text) : .string(text)
      return Node(.scalar(value, text: text), at: place)
    }
    let shown = Node.quoted(CoreSchema.shown(tag))
    do throws(CoreSchema.UnknownTag) {
      if let value = try CoreSchema.resolve(text, tag: tag) {
        return Node(.scalar(value, text: text), at: place)
      }
      report(place, "\(Node.quoted(text)) is not what its tag \(shown) says")
    } catch {
      report(place, "the tag \(shown) is not one of YAML's core schema")
    }
    return Node(.unknown, at: place)
  }

  /// Counts nodes, before memory is spent on them.
  private mutating func spend(_ nodes: Int, at place: Place) throws(Diagnostic) {
    count += nodes
    guard count <= Document.largest else {
      throw Diagnostic(place, "more than \(Document.largest) nodes after aliases are expanded")
    }
  }

  private mutating func report(_ place: Place, _ message: String, _ suggestion: String? = nil) {
    diagnostics.append(Diagnostic(place, message, suggestion: suggestion))
  }
}
