import Canonical

extension ManifestSchema {
  /// The JSON Schema of manifests (draft 2020-12), for editors and for people.
  ///
  /// It accepts all that the program accepts. It rejects unknown keys, wrong types, unknown names
  /// and numbers out of range; conditions on several values at once are the program's alone. The
  /// model selects the fields through `if` and `then`.
  package var json: Value {
    let own = ManifestSchema.entries(of: families[0])
    var properties = Shape.properties(commonEntries)
    for entry in own { properties[entry.name] = ["description": .string(entry.doc)] }
    return .map([
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "A mechanics manifest",
      "description": "One experiment: its parameters, seeds, sweep, figures and claims.",
      "type": "object",
      "properties": .map(properties),
      "required": .list(commonEntries.filter(\.isRequired).map { .string($0.name) }),
      "additionalProperties": false,
      "allOf": .list(families.map(condition)),
      "$defs": .map(definitions),
    ])
  }

  /// What a manifest of one family must satisfy.
  private func condition(of family: ModelFamily) -> Value {
    let named: Value = [
      "properties": ["model": ["const": .string(family.name)]], "required": ["model"],
    ]
    let isDefault = family.name == families[0].name
    let test: Value =
      isDefault ? ["anyOf": [named, ["not": ["required": ["model"]]]]] : named
    let properties = Shape.properties(ManifestSchema.entries(of: family))
    let required = family.fields.filter { $0.fallback == nil }.map { ManifestSchema.presence($0) }
    var consequence: [String: Value] = ["properties": .map(properties)]
    if !required.isEmpty { consequence["allOf"] = .list(required) }
    return ["if": test, "then": .map(consequence)]
  }

  /// That a field without default is given, by itself or by the sweep.
  private static func presence(_ field: Field) -> Value {
    func holding(_ keys: ArraySlice<String>) -> Value {
      guard let key = keys.first else { return [:] }
      let inner = holding(keys.dropFirst())
      return ["required": [.string(key)], "properties": .map([key: inner])]
    }
    let path = field.path.split(separator: ".").map(String.init)
    return [
      "anyOf": [
        holding(path[...]), holding(["sweep", field.path]), holding(["zip", field.path]),
      ]
    ]
  }

  /// The fields of all families under the names that `Shape.reference` has for them.
  private var definitions: [String: Value] {
    var definitions: [String: Value] = [:]
    for family in families {
      for field in family.fields {
        var schema = field.shape.json.map ?? [:]
        if !field.doc.isEmpty { schema["description"] = .string(field.doc) }
        if let fallback = field.fallback { schema["default"] = fallback }
        definitions[Shape.definition("\(family.name)/\(field.path)")] = .map(schema)
      }
    }
    return definitions
  }
}

extension Shape {
  /// The name among the definitions: `/` would divide a JSON pointer.
  static func definition(_ name: String) -> String {
    String(name.map { $0 == "/" ? ":" : $0 })
  }

  static func properties(_ entries: [Entry]) -> [String: Value] {
    var properties: [String: Value] = [:]
    for entry in entries {
      var schema = entry.shape.json.map ?? [:]
      if !entry.doc.isEmpty { schema["description"] = .string(entry.doc) }
      if let fallback = entry.fallback { schema["default"] = fallback }
      properties[entry.name] = .map(schema)
    }
    return properties
  }

  /// The shape in the words of JSON Schema.
  var json: Value {
    switch self {
    case .boolean: ["type": "boolean"]
    case .integer(let range): .map(Shape.limits(range))
    case .number(let bounds): .map(bounds.json)
    case .string(let pattern):
      .map(["type": "string"].merging(pattern.regex.map { ["pattern": .string($0)] } ?? [:]) { $1 })
    case .choice(let options): Shape.json(options)
    case .list(let element, let count): Shape.json(element, count)
    case .record(let entries, let exactlyOne, let least): Shape.json(entries, exactlyOne, least)
    case .file(let extensions):
      [
        "type": "string",
        "pattern": .string(
          extensions.isEmpty
            ? "^[^/]" : "^([^/][\\s\\S]*)?\\.(\(extensions.joined(separator: "|")))$"),
      ]
    case .either(let shapes): ["anyOf": .list(shapes.map(\.json))]
    case .reference(let name, _): ["$ref": .string("#/$defs/" + Shape.definition(name))]
    }
  }

  private static func limits(_ range: ClosedRange<Int>) -> [String: Value] {
    [
      "type": "integer", "minimum": .integer(range.lowerBound),
      "maximum": .integer(range.upperBound),
    ]
  }

  private static func json(_ options: [Option]) -> Value {
    let names = options.filter { $0.payload == nil }
    var alternatives: [Value] = []
    if !names.isEmpty, names.allSatisfy({ $0.doc.isEmpty }) {
      alternatives.append(["enum": .list(names.map { .string($0.name) })])
    } else {
      alternatives += names.map { ["const": .string($0.name), "description": .string($0.doc)] }
    }
    for option in options {
      guard let payload = option.payload else { continue }
      var schema = json([Entry(option.name, payload, required: true, "")]).map ?? [:]
      if !option.doc.isEmpty { schema["description"] = .string(option.doc) }
      alternatives.append(.map(schema))
    }
    return alternatives.count == 1 ? alternatives[0] : ["anyOf": .list(alternatives)]
  }

  private static func json(_ element: Shape, _ count: ClosedRange<Int>) -> Value {
    var schema: [String: Value] = ["type": "array", "items": element.json]
    if count.lowerBound > 0 { schema["minItems"] = .integer(count.lowerBound) }
    if count.upperBound < Int.max { schema["maxItems"] = .integer(count.upperBound) }
    return .map(schema)
  }

  private static func json(
    _ entries: [Entry], _ exactlyOne: [String] = [], _ least: Int = 0
  ) -> Value {
    var schema: [String: Value] = [
      "type": "object", "properties": .map(properties(entries)), "additionalProperties": false,
    ]
    let required = entries.filter(\.isRequired).map { Value.string($0.name) }
    if !required.isEmpty { schema["required"] = .list(required) }
    if !exactlyOne.isEmpty {
      schema["oneOf"] = .list(exactlyOne.map { ["required": [.string($0)]] })
    }
    if least > 0 { schema["minProperties"] = .integer(least) }
    return .map(schema)
  }
}

extension Bounds {
  fileprivate var json: [String: Value] {
    var schema: [String: Value] = ["type": "number"]
    switch lower {
    case .open: break
    case .including(let end): schema["minimum"] = .number(end)
    case .excluding(let end): schema["exclusiveMinimum"] = .number(end)
    }
    switch upper {
    case .open: break
    case .including(let end): schema["maximum"] = .number(end)
    case .excluding(let end): schema["exclusiveMaximum"] = .number(end)
    }
    return schema
  }
}
