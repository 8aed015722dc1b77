import ArgumentParser
import Canonical
import Pipeline
import Storage

/// `mechanics explain`
struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say why a stage would run, or where its outputs come from.",
    discussion: """
      Names the parameter, the input, the version or the missing blob by which the stage differs \
      from the nearest one that was ever recorded; of stages that take the outputs of many runs, in \
      which runs these differ, and why.

        mechanics explain 'cyclic/gd[seed=7]' manifests/cyclic.yaml
      """)

  @Argument(
    help: "An address such as cyclic/gd[seed=7], a part of one, or @ and digits of a key.")
  var stage: String

  @OptionGroup var manifests: ManifestOptions

  @Flag(help: "Print the explanations as JSON.")
  var json = false

  func run() async throws {
    let session = try Session(manifests.narrowed(to: stage), Settings())
    let forecast = Forecast(session.plan, session.store)
    let stages = try session.stages(named: stage).distinct(by: \.stage)
    var explainer = Explainer(session.plan, session.store, forecast)
    let explanations = stages.prefix(20).map { named in
      (
        session.plan.address(of: named.kind, at: named.place),
        explainer.explanation(of: named.stage).lines(&explainer), forecast.keys[named.stage]
      )
    }
    if json {
      let values = explanations.map { address, lines, key -> Value in
        [
          "stage": .string(address),
          "key": key.map { .string(Digest(of: $0.preimage).hex) } ?? .null,
          "reasons": .list(lines.map(Value.string)),
        ]
      }
      Console.out(Value.list(values).json(pretty: true) + "\n")
      return
    }
    for (address, lines, key) in explanations {
      let name = key.map { " @\(Digest(of: $0.preimage).short)" } ?? ""
      Console.out("\(address)\(name)\n")
      for line in lines { Console.out("  \(line)\n") }
    }
    if stages.count > 20 { Console.out("and \(stages.count - 20) more stages\n") }
  }
}

extension Explanation {
  fileprivate func lines(_ explainer: inout Explainer) -> [String] {
    let plan = explainer.plan
    switch self {
    case .cached(let record):
      let seconds = Decimal.text((record.seconds * 1e6).rounded() / 1e6) ?? ""
      return [
        "up to date: made by \(record.producer) in \(seconds) s, "
          + "\(record.outputs.reduce(0) { $0 + $1.size }) bytes"
      ]
    case .blobsMissing(_, let outputs):
      return ["runs: the cache has lost its output \(outputs.joined(separator: ", "))"]
    case .neverRun: return ["runs: no stage of its kind was ever run here"]
    case .differs(let record, let differences):
      return ["runs: against the nearest record (@\(record.key.short), \(record.producer))"]
        + differences.map { "  \($0)" }
    case .waits(let stages):
      let names = stages.prefix(5).map { plan.address(of: $0) }.joined(separator: ", ")
      return [
        "unknown until the stages before it have run: \(names)"
          + (stages.count > 5 ? ", … (\(stages.count))" : "")
      ]
        + Reasons(of: stages, &explainer).groups.map { group in
          "  \(group.stages.count) \(group.kind): \(group.reasons.joined(separator: ", "))"
        }
    }
  }
}
