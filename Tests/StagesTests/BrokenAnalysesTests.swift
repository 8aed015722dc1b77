import Pipeline
import Testing

@testable import Stages

/// The claims of the experiments with analyses of their own break when the theory is broken on
/// purpose, and hold with as many seeds when it is not.
struct BrokenAnalysesTests {
  struct Case: CustomTestStringConvertible {
    let experiment: String
    let seeds: String
    let breaks: [(kind: StageKind, how: String, claims: Set<String>)]
    var testDescription: String { experiment }
  }

  static let cases = [
    Case(
      experiment: "regularisation-path", seeds: "1..25",
      breaks: [
        (
          BrokenTheory.flippedMargin, "flipped margin",
          [
            "R = 17.5: direction as in the reference", "R = 51: direction as in the reference",
            "R = 80: W̄_R aligns with W_svm for every seed",
            "R = 17.5: 1 − correlation falls as R^−1.5",
            "R = 80: 1 − correlation falls nearly as R^−2",
          ]
        ),
        (
          BrokenTheory.reversedEdges, "reversed edges",
          [
            "R = 17.5: direction as in the reference",
            "R = 80: W̄_R aligns with W_svm for every seed",
            "R = 80: 1 − correlation falls nearly as R^−2",
          ]
        ),
        (
          BrokenTheory.noFinitePart, "no finite part",
          [
            "R = 30: ΠW̄_R goes to W_fin as e^(−R/‖W_svm‖)",
            "R = 80: ΠW̄_R is near W_fin for every seed",
          ]
        ),
        (
          BrokenTheory.splitComponents, "split components",
          ["R = 17.5: 1 − correlation falls as R^−1.5"]
        ),
      ]),
    Case(
      experiment: "automaton", seeds: "1..25",
      breaks: [
        (
          BrokenTheory.flippedMargin, "flipped margin",
          [
            "n = 6: W_svm decides where the data leave several, by a wide gap", "n = 6: C grows",
          ]
        ),
        (
          BrokenTheory.reversedEdges, "reversed edges",
          [
            "n = 6: the automaton is the trained layer on its contexts",
            "the automaton is nearly the trained layer for every n",
          ]
        ),
        (
          BrokenTheory.splitComponents, "split components",
          ["n = 6: the automaton is the trained layer on its contexts"]
        ),
        (
          BrokenTheory.noFinitePart, "no finite part",
          [
            "n = 6: the automaton is the trained layer on its contexts",
            "n = 6: the same on fresh contexts with one component",
          ]
        ),
      ]),
    Case(
      experiment: "known-priority", seeds: "1..10",
      breaks: [
        (
          BrokenTheory.reversedEdges, "reversed edges",
          [
            "n = 512: a strict order is recovered", "n = 512: blocks are recovered",
            "n = 128: what is predicted is mostly right",
          ]
        ),
        (
          BrokenTheory.splitComponents, "split components", ["n = 512: blocks are recovered"]
        ),
      ]),
    Case(
      experiment: "cyclic-large", seeds: "1..40",
      breaks: [
        (
          BrokenTheory.flippedMargin, "flipped margin",
          [
            "W aligns with W_svm as in the reference", "Π⊥W aligns with W_svm",
            "alignment grows to the end",
          ]
        ),
        (
          BrokenTheory.reversedEdges, "reversed edges",
          ["W aligns with W_svm as in the reference", "Π⊥W aligns with W_svm"]
        ),
        (BrokenTheory.splitComponents, "split components", ["ΠW ends η/2 from W_fin"]),
        (BrokenTheory.noFinitePart, "no finite part", ["ΠW ends η/2 from W_fin"]),
      ]),
    Case(
      experiment: "dimension-sweep", seeds: "1..3",
      breaks: [
        (
          BrokenTheory.flippedMargin, "flipped margin",
          [
            "W aligns with W_svm at every size", "W aligns with W_svm for every seed",
            "alignment grows to the end",
          ]
        ),
        (
          BrokenTheory.reversedEdges, "reversed edges",
          ["W aligns with W_svm at every size", "W aligns with W_svm for every seed"]
        ),
      ]),
    // The claims on the local theory are broken in BrokenLocalTheoryTests.
    Case(
      experiment: "loss-robustness", seeds: "1..10",
      breaks: [
        (
          BrokenTheory.flippedMargin, "flipped margin",
          ["log: W aligns with the data's W_svm, with noisy labels as without"]
        ),
        (
          BrokenTheory.reversedEdges, "reversed edges",
          [
            "log: W aligns with the data's W_svm, with noisy labels as without",
            "log: descent selects by the data's priorities",
          ]
        ),
      ]),
    // A million steps a run: four runs of each structure, among them two whose W_fin is not 0.
    Case(
      experiment: "long-horizon", seeds: "11..14",
      breaks: [
        (
          BrokenTheory.flippedMargin, "flipped margin",
          [
            "cyclic: C grows as ln τ", "acyclic: 1 − correlation falls as τ^−2",
            "acyclic, 10⁵ steps: the correlation is the reference's",
          ]
        ),
        (
          BrokenTheory.reversedEdges, "reversed edges",
          [
            "acyclic: 1 − correlation falls as τ^−2", "cyclic: C grows as ln τ",
            "acyclic, 10⁵ steps: the correlation is the reference's",
          ]
        ),
        (BrokenTheory.noFinitePart, "no finite part", ["cyclic: ΠW stays η/2 from W_fin"]),
      ]),
  ]

  @Test(arguments: cases) func whatHoldsBreaksWithTheTheory(example: Case) async throws {
    let seeds = ["seeds=\(example.seeds)"]
    let right = try await BrokenTheory.claims(example.experiment, set: seeds)["held"] ?? []
    for (kind, how, claims) in example.breaks {
      let broken =
        try await BrokenTheory.claims(example.experiment, kind, set: seeds)["broken"] ?? []
      #expect(claims.isSubset(of: right), "\(how): \(claims.subtracting(right))")
      #expect(claims.isSubset(of: broken), "\(how): \(claims.subtracting(broken))")
    }
  }
}
