import Canonical

/// What a stage's key is the SHA-256 of: all that its outputs depend on, and nothing else.
///
/// This file decides what makes a stage stale; docs/HASHING.md describes the bytes.
package struct StageKey: Hashable, Sendable {
  package static let tag = "mechanics.stage.1"

  package var kind: String
  package var version: Int
  package var numerics: Int
  /// The digest of the encoded parameters.
  package var parameters: Digest
  package var seed: Int?
  /// Each declared input's kind with the digest of its outputs: content, not keys.
  package var inputs: [Input]

  package struct Input: Hashable, Sendable {
    package var kind: String
    package var content: Digest

    package init(kind: String, content: Digest) { (self.kind, self.content) = (kind, content) }
  }

  /// The contents of all stages of a kind, of which an input is the digest.
  static func list(_ contents: [Digest]) -> [UInt8] {
    var encoding = Encoding()
    encoding.reserve(33 * contents.count + 9)
    encoding.openList(contents.count)
    for content in contents { encoding.append(content) }
    return encoding.bytes
  }

  /// Reads such a list back; nil where the bytes are none.
  static func contents(list bytes: [UInt8]) -> [Digest]? {
    var decoding = Decoding(bytes[...])
    guard let count = decoding.list() else { return nil }
    var contents: [Digest] = []
    for _ in 0..<count {
      guard let content = decoding.digest() else { return nil }
      contents.append(content)
    }
    return decoding.isAtEnd ? contents : nil
  }

  /// The bytes that are hashed.
  package var preimage: [UInt8] {
    var encoding = Encoding()
    encoding.reserve(160 + 64 * inputs.count)
    encoding.append(StageKey.tag)
    encoding.append(kind)
    encoding.append(version)
    encoding.append(numerics)
    encoding.append(parameters)
    if let seed { encoding.append(seed) } else { encoding.appendNull() }
    encoding.openList(inputs.count)
    for input in inputs {
      encoding.append(input.kind)
      encoding.append(input.content)
    }
    return encoding.bytes
  }

  package init(
    kind: String, version: Int, numerics: Int, parameters: Digest, seed: Int?, inputs: [Input]
  ) {
    self.kind = kind
    self.version = version
    self.numerics = numerics
    self.parameters = parameters
    self.seed = seed
    self.inputs = inputs
  }

  /// Reads a key's preimage back; nil where the bytes are none of this format.
  package init?(preimage: [UInt8]) {
    var decoding = Decoding(preimage[...])
    guard decoding.string() == StageKey.tag, let kind = decoding.string(),
      let version = decoding.integer(), let numerics = decoding.integer(),
      let parameters = decoding.digest()
    else { return nil }
    let seed = decoding.null() ? nil : decoding.integer()
    guard let count = decoding.list() else { return nil }
    var inputs: [Input] = []
    for _ in 0..<count {
      guard let kind = decoding.string(), let content = decoding.digest() else { return nil }
      inputs.append(Input(kind: kind, content: content))
    }
    guard decoding.isAtEnd else { return nil }
    self.init(
      kind: kind, version: version, numerics: numerics, parameters: parameters, seed: seed,
      inputs: inputs)
  }

  /// The digest of what a stage put out: of its outputs' names and digests.
  static func content(names: [String], outputs: [Digest]) -> Digest {
    var encoding = Encoding()
    encoding.openList(names.count)
    for (name, output) in zip(names, outputs) {
      encoding.append(name)
      encoding.append(output)
    }
    return Digest(of: encoding.bytes)
  }
}
