import Canonical
import Manifests
import Synchronization

@testable import Pipeline

/// Stages that do next to nothing, and count how often they do it.
///
/// `draw` → `parity` → `tail`, `draw` → `fit` → `summary` and a `plot` for every figure.
final class Toy: Sendable {
  private let counts = Mutex<[String: Int]>([:])
  private let active = Mutex((now: [[UInt8]: Int](), most: 0))
  /// Called as a stage of a kind runs, before it puts anything out.
  private let body: @Sendable (_ kind: String, StageContext) throws -> Void

  init(_ body: @escaping @Sendable (_ kind: String, StageContext) throws -> Void = { _, _ in }) {
    self.body = body
  }

  /// How often stages of each kind ran since this was last asked.
  func takeCounts() -> [String: Int] {
    counts.withLock { counts in
      defer { counts = [:] }
      return counts
    }
  }

  /// How many ran at once, at most, with the same parameters and seed.
  var overlap: Int { active.withLock(\.most) }

  /// - Parameters:
  ///   - versions: of the kinds whose version is not 1.
  ///   - salt: what `draw` puts out beside its numbers, as a change of its code would.
  func catalog(versions: [String: Int] = [:], numerics: Int = 1, salt: String = "") -> Catalog {
    func kind(
      _ name: String, scope: StageKind.Scope = .run, reads: [String] = [], readsSeed: Bool = false,
      inputs: [StageKind.Input] = [], outputs: [String] = ["out"],
      _ run: @escaping @Sendable (StageContext) throws -> [String]
    ) -> StageKind {
      StageKind(
        name, version: versions[name] ?? 1, scope: scope, reads: reads, readsSeed: readsSeed,
        inputs: inputs, outputs: outputs, usesThreads: name == "fit"
      ) { context in
        let identity =
          Array(name.utf8) + Encoding(context.parameters.value).bytes
          + (readsSeed ? Array("\(context.seed)".utf8) : [])
        self.enter(name, identity, isUnique: inputs.isEmpty)
        defer { self.leave(identity) }
        try self.body(name, context)
        return try run(context).map { Array($0.utf8) }
      }
    }
    return Catalog(
      kinds: [
        kind("draw", reads: ["data.size"], readsSeed: true, outputs: ["numbers", "notes"]) {
          let size = $0.parameters["data.size"].integer!
          return ["\(size) \($0.seed)\(salt)", "notes on \(size)"]
        },
        kind("parity", inputs: [.own("draw")]) {
          let size = Int(try $0.text("draw", "numbers").prefix { $0 != " " })!
          return [size % 2 == 0 ? "even" : "odd"]
        },
        kind("tail", reads: ["train.rate"], inputs: [.own("parity")]) {
          ["\(try $0.text("parity")) at \($0.parameters["train.rate"].json())"]
        },
        kind("fit", reads: ["train.step"], inputs: [.own("draw")]) {
          ["\(try $0.text("draw", "numbers")) by \($0.parameters["train.step"].json())"]
        },
        kind("summary", scope: .experiment, reads: ["cells"], inputs: [.all("fit")]) { context in
          var lines: [String] = []
          try context.forEachInput("fit", "out") {
            lines.append("\($0): \(String(decoding: $1, as: UTF8.self))")
          }
          return [lines.joined(separator: "\n")]
        },
        kind("plot", scope: .each("figures"), reads: ["item"], inputs: [.own("summary")]) {
          [$0.parameters["item"].json()]
        },
      ], schema: Toy.schema, numerics: numerics)
  }

  private func enter(_ kind: String, _ identity: [UInt8], isUnique: Bool) {
    counts.withLock { $0[kind, default: 0] += 1 }
    active.withLock { active in
      active.now[identity, default: 0] += 1
      if isUnique { active.most = max(active.most, active.now[identity]!) }
    }
  }

  private func leave(_ identity: [UInt8]) { active.withLock { $0.now[identity]! -= 1 } }

  static let schema = ManifestSchema([
    ModelFamily(
      name: "toy", doc: "A toy.",
      fields: [
        Field("data.size", .integer(0...1000), default: 4, "A size."),
        Field("data.unread", .integer(0...1000), default: 0, "No stage reads it."),
        Field("train.step", .number(.positive), default: 0.5, "A step."),
        Field("train.rate", .number(.positive), default: 1.0, "A rate."),
      ], metrics: [Metric("loss", "A loss.")])
  ])

  /// A manifest with these lines beside its name.
  static func manifest(_ name: String = "toy", _ lines: String...) throws -> Manifest {
    let text = (["experiment: \(name)", "title: Toy"] + lines).joined(separator: "\n") + "\n"
    return try Manifest.read(
      Array(text.utf8), file: "\(name).yaml", schema: schema, isFile: { _ in false })
  }
}

extension StageContext {
  func text(_ kind: String, _ output: String = "out") throws -> String {
    String(decoding: try input(kind, output), as: UTF8.self)
  }
}
