import Canonical
import TestSupport

/// The manifests that the tests of the command line run.
enum Example {
  /// 27 stages of milliseconds: two cells that share all but descent and what follows from it.
  static let small = """
    experiment: small
    title: A small experiment
    data: {vocabulary: 4, dimension: 4, length: 3, sequences: 3, structure: acyclic}
    train: {iterations: 20, record: {every: 10}}
    seeds: 1..3
    sweep: {train.step.size: [0.1, 0.01]}
    figures:
      - {name: curve, y: correlation, x: iteration, by: train.step.size}
    claims:
      - {says: "W grows", metric: norm, statistic: mean, at-least: 0.05}
      - {says: "it is feasible", metric: feasible, statistic: share, equals: 1}

    """

  /// Its data cannot be drawn, so every run fails at its first stage.
  static let failing = """
    experiment: failing
    title: Acyclic data that cannot be drawn
    data:
      {vocabulary: 8, dimension: 4, length: 8, sequences: 40, structure: acyclic, attempts: 3}
    train: {iterations: 5}
    seeds: 1..2
    claims:
      - {says: "W grows", metric: norm, statistic: mean, at-least: 0.05}

    """

  /// Some tenths of a second of work.
  static let long = """
    experiment: long
    title: A longer experiment
    data: {vocabulary: 6, dimension: 8, length: 4, sequences: 6, structure: cyclic}
    train: {iterations: 4000, record: {log: 20}}
    seeds: 1..20
    sweep: {train.step.size: [0.01, 0.02]}
    claims:
      - {says: "W grows", metric: norm, statistic: mean, at-least: 0.05}

    """

  /// A sandbox with `small` in its folder of manifests.
  static func sandbox() throws -> Sandbox { try Sandbox(["manifests/small.yaml": small]) }

  /// A sandbox in which `small` has been run and accepted.
  static func accepted() throws -> Sandbox {
    let sandbox = try sandbox()
    let exit = try sandbox.run("accept")
    guard exit.code == 0 else { throw Failure("accept: \(exit)") }
    return sandbox
  }
}

extension Program.Exit {
  /// The JSON document on standard output.
  var json: Value? { Value(json: Array(out.utf8)) }

  /// How many stages the last line says were executed.
  var executed: Int? { number(before: "executed") }

  /// How many stages the last line says were in the cache.
  var local: Int? { number(before: "local") }

  private func number(before word: String) -> Int? {
    let words = lastLine.split { " ,;".contains($0) }
    return words.firstIndex { $0 == word }.flatMap { $0 > 0 ? Int(words[$0 - 1]) : nil }
  }
}

extension Sandbox {
  /// A table among the results.
  func table(_ name: String) throws -> Table {
    guard let table = Table(csv: try text("results/\(name)")) else {
      throw Failure("\(name) is no table")
    }
    return table
  }

  /// Replaces the one place where `old` stands in a file.
  func edit(_ name: String, _ old: String, _ new: String) throws {
    let text = try text(name)
    guard text.contains(old) else { throw Failure("no '\(old)' in \(name)") }
    try write(name, text.replacing(old, with: new, maxReplacements: 1))
  }
}
