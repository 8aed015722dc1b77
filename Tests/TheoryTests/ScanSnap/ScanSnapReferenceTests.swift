import Foundation
import Testing

@testable import Theory

/// Against PyTorch's autograd and its SGD: References/make_gradients.py.
@Suite struct ScanSnapReferenceTests {
  struct References: Decodable {
    let lastTokens: Int, nextPerLast: Int, common: Int, distinct: Int
    let cases: [Case]
    let steps: Steps

    var sequenceClasses: SequenceClasses {
      SequenceClasses(
        lastTokens: lastTokens, nextPerLast: nextPerLast, common: common, distinct: distinct)
    }
  }

  struct Sequences: Decodable {
    let classes: [Int], counts: [[Double]]
  }

  struct Case: Decodable {
    let normalised: Bool, residual: Bool, attends: Bool
    let classes: [Int], counts: [[Double]]
    let y: [Double], z: [Double], gradientY: [Double], gradientZ: [Double]
    let loss: Double
  }

  struct Steps: Decodable {
    let decoderRate: Double, attentionRate: Double, momentum: Double
    let batches: [Sequences]
    let startY: [Double], startZ: [Double], y: [Double], z: [Double]
  }

  static func references() throws -> References {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "References/gradients.json"))
    return try JSONDecoder().decode(References.self, from: data)
  }

  /// The largest difference of a part of `Y` and `Z` to whole matrices, relative to their largest entry.
  static func error(_ weights: ScanSnapWeights, _ y: [Double], _ z: [Double]) -> Double {
    let classes = weights.classes
    let vocabulary = classes.vocabulary
    var (decoder, attention) = (0.0, 0.0)
    for token in 0..<classes.inputTokens {
      for logit in 0..<vocabulary {
        let value = weights.decoder.pointer[token * weights.stride + logit]
        decoder = max(decoder, abs(value - y[logit * vocabulary + token]))
      }
    }
    let first = classes.lastToken(of: 0) * vocabulary
    for entry in 0..<weights.attention.count {
      attention = max(attention, abs(weights.attention.pointer[entry] - z[first + entry]))
    }
    let (largestY, largestZ) = (y.map(\.magnitude).max()!, z.map(\.magnitude).max()!)
    return max(decoder / largestY, attention / largestZ)
  }

  @Test func agreesWithAutograd() throws {
    let references = try Self.references()
    let classes = references.sequenceClasses
    for reference in references.cases {
      let weights = ScanSnapWeights(classes, y: reference.y, z: reference.z)
      let batch = SequenceBatch(classes, reference.classes, reference.counts)
      let layer = ScanSnapLayer(
        isNormalised: reference.normalised, hasResidual: reference.residual,
        attendsToLast: reference.attends)
      let gradient = ScanSnapWeights(classes)
      let pass = ScanSnapPass(layer, batch, stride: weights.stride)
      let outcome = pass.differentiate(weights, into: gradient)
      #expect(abs(outcome.loss - reference.loss) <= 1e-12 * reference.loss)
      #expect(Self.error(gradient, reference.gradientY, reference.gradientZ) <= 1e-12)
    }
  }

  @Test func stepsAreThoseOfSGDWithMomentum() throws {
    let references = try Self.references()
    let (classes, steps) = (references.sequenceClasses, references.steps)
    let weights = ScanSnapWeights(classes, y: steps.startY, z: steps.startZ)
    let velocity = ScanSnapWeights(classes)
    let descent = ScanSnapDescent(
      classes, decoderRate: steps.decoderRate, attentionRate: steps.attentionRate,
      momentum: steps.momentum, schedule: .every(1))
    for sequences in steps.batches {
      let batch = SequenceBatch(classes, sequences.classes, sequences.counts)
      let pass = ScanSnapPass(descent.layer, batch, stride: weights.stride)
      _ = pass.differentiate(weights, into: velocity)
      _ = descent.step(weights, velocity)
    }
    #expect(Self.error(weights, steps.y, steps.z) <= 1e-12)
  }
}

extension ScanSnapWeights {
  /// The parts of whole matrices `Y` and `Z`, M × M, that are kept.
  convenience init(_ classes: SequenceClasses, y: [Double], z: [Double]) {
    self.init(classes)
    let vocabulary = classes.vocabulary
    for token in 0..<classes.inputTokens {
      for logit in 0..<vocabulary {
        decoder.pointer[token * stride + logit] = y[logit * vocabulary + token]
      }
    }
    let first = classes.lastToken(of: 0) * vocabulary
    for entry in 0..<attention.count { attention.pointer[entry] = z[first + entry] }
  }
}

extension SequenceBatch {
  /// Given sequences, by their classes in any order and the counts of their tokens.
  convenience init(_ classes: SequenceClasses, _ labels: [Int], _ table: [[Double]]) {
    self.init(classes, size: labels.count)
    for (row, values) in zip(arrange(labels), table) {
      for (place, value) in values.enumerated() { counts.pointer[row * width + place] = value }
    }
  }
}
