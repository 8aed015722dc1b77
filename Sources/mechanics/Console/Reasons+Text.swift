import Canonical
import Pipeline

extension Reasons {
  func lines(_ plan: Plan) -> [String] {
    if groups.isEmpty { return ["nothing would run: all is in the cache"] }
    let told = groups.flatMap { group in
      ["\(group.stages.count) \(group.kind), such as \(plan.address(of: group.stages[0])):"]
        + group.reasons.map { "  \($0)" }
    }
    guard !waiting.isEmpty else { return told }
    let counts = waiting.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
    return told + ["\(counts): unknown until these have run"]
  }

  func value(_ plan: Plan) -> Value {
    .list(
      groups.map { group in
        [
          "kind": .string(group.kind), "stages": .integer(group.stages.count),
          "example": .string(plan.address(of: group.stages[0])),
          "reasons": .list(group.reasons.map(Value.string)),
        ]
      })
  }
}
