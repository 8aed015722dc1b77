import Canonical

/// What happens while a plan is carried out, in the order in which it happens.
package enum Event: Sendable {
  /// Which stages are wanted.
  case began(wanted: Int)
  /// The stage's outputs were in the store.
  case found(Int)
  /// The stage's record was in a shared cache.
  case fetched(Int)
  /// The stage is being executed.
  case started(Int)
  /// The stage was executed, in this many seconds.
  case executed(Int, seconds: Double)
  /// The stage's function failed, for this reason.
  case failed(Int, String)
  /// Another process is executing the stage; it will be looked for again.
  case elsewhere(Int)
  /// Outputs of the stage were damaged or lost; they are made again.
  case damaged(Int)
  /// Outputs of the stage are in a shared cache that this run does not reach; they are made here.
  case distant(Int)
  /// Something about the run as a whole that people want to know.
  case notice(String)
  /// The stage's outputs are not those that its record names, though the key is the same.
  case nondeterministic(Int, recorded: Digest, now: Digest)
}

/// What is known when a plan has been carried out.
package struct Outcome: Sendable {
  /// Each stage's state at the end.
  package internal(set) var states: [Schedule.State] = []
  /// Each finished stage's key.
  package internal(set) var keys: [Digest?]
  /// The digest of each finished stage's outputs.
  package internal(set) var contents: [Digest?]
  package internal(set) var executed = 0
  package internal(set) var found = 0
  /// How many stages' records came from a shared cache.
  package internal(set) var fetched = 0
  /// The stages that failed and why, in the order in which they did.
  package internal(set) var failures: [(stage: Int, reason: String)] = []
  /// The stages whose outputs differ from what was recorded under the same key.
  package internal(set) var nondeterministic: [Int] = []

  init(_ plan: Plan) {
    keys = .init(repeating: nil, count: plan.stages.count)
    contents = keys
  }

  /// The stages that could not run since something before them failed.
  package var blocked: [Int] { states.indices.filter { states[$0] == .blocked } }

  /// Whether every wanted stage is finished.
  package var isComplete: Bool { states.allSatisfy { $0 == .finished || $0 == .idle } }
}
