import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// The order of the tokens: what it depends on, so that runs which keep the text's order are one.
  static let tokenOrder = StageKind(
    "order", version: 1, models: ["corpus"], scope: .run, reads: ["data.order"], readsSeed: true,
    outputs: [TokenOrder.fileName]
  ) { context in
    let isShuffled = context.parameters["data.order"] == "shuffled"
    return [TokenOrder(shuffleSeed: isShuffled ? context.seed : nil).bytes]
  }
}

/// The text's order, or a random one.
struct TokenOrder {
  static let fileName = "order.json"

  /// nil: the order of the text.
  let shuffleSeed: Int?

  init(shuffleSeed: Int?) { self.shuffleSeed = shuffleSeed }

  init(bytes: [UInt8]) { shuffleSeed = Value(json: bytes)?["shuffle"]?.integer }

  var bytes: [UInt8] {
    let document: Value = ["shuffle": shuffleSeed.map(Value.integer) ?? .null]
    return document.jsonBytes()
  }

  /// The tokens in a random order; takes the memory of all of them.
  static func shuffled(_ tokens: [UInt32], seed: Int) -> [UInt32] {
    var tokens = tokens
    var stream = Stream(kind: "tpg", seed: seed, purpose: "order")
    stream.shuffle(&tokens)
    return tokens
  }
}
