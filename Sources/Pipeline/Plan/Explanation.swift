import Canonical
import Manifests
import Storage

/// Why a stage would be executed, or why not.
package enum Explanation: Sendable {
  /// Its outputs are in the store.
  case cached(Record)
  /// There is a record of its key, but these outputs of it are gone or were damaged.
  case blobsMissing(Record, outputs: [String])
  /// No stage of its kind was ever recorded.
  case neverRun
  /// What differs from the nearest record of its kind.
  case differs(from: Record, [Difference])
  /// These stages before it have to be executed first; its own key depends on what they put out.
  case waits(for: [Int])

  package enum Difference: Hashable, Sendable, CustomStringConvertible {
    case version(recorded: Int, now: Int)
    case numerics(recorded: Int, now: Int)
    case parameter(path: String, recorded: Value?, now: Value?)
    /// The recorded parameters cannot be read any more.
    case parameters
    case seed(recorded: Int?, now: Int?)
    /// The contents of an input, and in which runs they differ where it is a list of them; where the
    /// stage is known that put the recorded one out, what differs in that: each a kind of stage and
    /// what it was made from.
    case input(
      kind: String, recorded: Digest?, now: Digest?, in: Runs? = nil, because: [Cause])

    package var description: String {
      func text(_ value: Value?) -> String {
        guard let text = value?.json() else { return "none" }
        return text.count > 80 ? text.prefix(79) + "…" : text
      }
      func text(_ value: Int?) -> String { value.map(String.init) ?? "none" }
      return switch self {
      case .version(let old, let new): "stage version: \(old) -> \(new)"
      case .numerics(let old, let new): "version of the numerics: \(old) -> \(new)"
      case .parameter(let path, let old, let new):
        "parameter \(path): \(text(old)) -> \(text(new))"
      case .parameters: "parameters (the recorded ones are no longer in the store)"
      case .seed(let old, let new): "seed: \(text(old)) -> \(text(new))"
      case .input(let kind, let old, let new, let runs, let causes):
        "input \(kind): content \(old?.short ?? "none") -> \(new?.short ?? "none")"
          + (runs.map { ", \($0)" } ?? "")
          + (causes.isEmpty ? "" : ", since \(causes.map(\.description).joined(separator: "; "))")
      }
    }
  }

  /// In how many runs the contents of an input are others than those that were recorded.
  package struct Runs: Hashable, Sendable, CustomStringConvertible {
    /// How many contents of now were not among the recorded ones.
    package let others: Int
    /// The stage that put out the first of them.
    package let example: String?
    /// How many runs there are, and how many were recorded.
    package let now: Int
    package let recorded: Int

    package var description: String {
      let size = now == recorded ? "" : " where there were \(recorded)"
      guard let example else {
        return now == recorded ? "of the same runs in another order" : "of \(now) runs\(size)"
      }
      return "in \(others) of \(now) runs\(size), such as \(example)"
    }
  }

  /// What a stage before the one that is explained was made from, then and now.
  package struct Cause: Hashable, Sendable, CustomStringConvertible {
    package let kind: String
    package let difference: Difference

    package var description: String { "\(kind) has \(difference)" }
  }
}
