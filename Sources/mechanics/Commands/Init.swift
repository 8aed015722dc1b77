import ArgumentParser
import Glibc
import Storage

/// `mechanics init`
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented manifest that runs, to start from.",
    discussion: """
        mechanics init first
        mechanics run manifests/first.yaml
      """)

  @Argument(help: "The experiment's name: the manifest is manifests/NAME.yaml.")
  var name = "first"

  func run() throws {
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
    guard !name.isEmpty, name.count <= 64, name.allSatisfy(allowed.contains) else {
      throw UsageError(
        "an experiment's name is made of a-z, 0-9 and -, such as 'first', not '\(name)'")
    }
    let file = "manifests/\(name).yaml"
    guard access(file, F_OK) != 0 else {
      throw UsageError("\(file) is there already: give another name")
    }
    try File.makeFolder("manifests")
    try File.replace(file, with: Array(Init.manifest(name).utf8))
    Console.error("wrote \(file); next: mechanics run \(file)")
  }

  private static func manifest(_ name: String) -> String {
    """
    # What this experiment tests, what is expected, and what it costs stand here: the report shows it.
    #
    # Claim:    normalised descent on the log-loss turns towards the Graph-SVM solution.
    # Expected: a correlation near 1, that grows to the end, in both dimensions.
    # Costs:    about 100 stages, a second.
    experiment: \(name)            # the folder under results/
    title: My first experiment
    data:
      vocabulary: 6               # K, the number of tokens
      dimension: 8                # d, of their embeddings
      length: 4                   # T, tokens in a sequence
      sequences: 6                # n, sequences in a dataset
      embedding: unit-random      # or orthonormal, {equicorrelated: 0.5}, {given: file.npy}
      structure: acyclic          # of the token-priority graphs: or cyclic, any, strict-order, …
    train:
      loss: log                   # or squared, cross-entropy, correlation
      step: {size: 0.01, normalized: true}
      iterations: 2000
      record: {log: 40}           # iterations at which W is kept, evenly on a logarithmic axis
    seeds: 1..10                  # a run for each
    sweep:                        # and for each combination of these values
      data.dimension: [8, 16]
    figures:                      # drawn into results/\(name)/
      - {name: correlation, y: correlation, x: iteration, by: data.dimension, band: std,
         lines: [{claim: "W aligns with W_svm"}]}
      - {name: final, kind: errorbars, y: correlation, x: data.dimension}
    claims:                       # judged by every run
      - {says: "W aligns with W_svm", metric: correlation, at: final, statistic: mean, at-least: 0.95}
      - {says: "alignment grows to the end", metric: correlation, at: {from: 200, to: 2000},
         statistic: slope, at-least: 0}

    """
  }
}
