import Foundation
import Testing

@testable import Theory

/// The loss and gradient of whole steps against PyTorch's autograd: References/make_transformer.py.
@Suite struct TransformerGradientTests {
  struct Reference: Decodable {
    let vocabulary: Int, dimension: Int, hidden: Int, layers: Int, length: Int
    let positions: Bool, residual: Bool, normalised: Bool, dropout: Double
    let sequences: Int
    let tokens: [Int], labels: [Int], parameters: [Double], masks: [String: [Double]]
    let loss: Double, gradient: [Double], attention: [Double]

    var shape: TransformerShape {
      TransformerShape(
        vocabulary: vocabulary, dimension: dimension, hidden: hidden, layers: layers,
        length: length, hasPositions: positions, isResidual: residual, isNormalised: normalised)
    }

    var mask: Dropout {
      let masks = masks
      return Dropout { site, layer, count in
        guard let mask = masks["\(site.rawValue) \(layer)"] else { return nil }
        precondition(mask.count == count)
        return mask
      }
    }

    /// The loss and the gradient by the theory's transformer.
    func step(_ workers: Workers = .alone) -> (loss: Double, gradient: [Double], Transformer) {
      let model = Transformer(shape, sequences: sequences, workers: workers)
      var parameters = parameters
      var gradient = [Double](repeating: .nan, count: parameters.count)
      let batch = Transformer.Batch(tokens: tokens, labels: labels)
      let loss = model.gradient(batch, at: &parameters, mask, into: &gradient)
      return (loss, gradient, model)
    }
  }

  static let references: [Reference] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try? Data(contentsOf: folder.appending(path: "References/transformer.json"))
    return data.flatMap { try? JSONDecoder().decode([Reference].self, from: $0) } ?? []
  }()

  @Test func thereAreReferencesOfOneAndThreeLayersWithEveryOption() {
    let all = Self.references
    #expect(Set(all.map(\.layers)) == [1, 3])
    for layers in [1, 3] {
      #expect(all.contains { $0.layers == layers && $0.dropout > 0 })
      #expect(all.contains { $0.layers == layers && $0.positions })
      #expect(all.contains { $0.layers == layers && !$0.residual })
    }
    #expect(all.contains { !$0.normalised })
  }

  @Test(arguments: references.indices)
  func agreesWithAutograd(index: Int) {
    let reference = Self.references[index]
    let (loss, gradient, model) = reference.step()
    #expect(abs(loss - reference.loss) <= 1e-12 * reference.loss)
    #expect(gradient.count == reference.gradient.count)
    // Each parameter matrix by itself, so that a small one cannot hide behind a large one; biases of
    // keys have the gradient 0 in theory, and rounding in both programs.
    let norm = Kernels.norm(reference.gradient)
    for parameter in reference.shape.parameters {
      let expected = Array(reference.gradient[parameter.range])
      let difference = zip(gradient[parameter.range], expected).map { $0 - $1 }
      #expect(
        Kernels.norm(difference) <= 1e-12 * max(Kernels.norm(expected), 1e-3 * norm),
        "\(parameter.name)")
    }
    let difference = zip(gradient, reference.gradient).map { $0 - $1 }
    #expect(Kernels.norm(difference) <= 1e-12 * norm)
    let attention = model.attention(layer: reference.layers - 1).elements
    #expect(zip(attention, reference.attention).allSatisfy { abs($0 - $1) <= 1e-13 })
  }

  @Test(arguments: references.indices)
  func threadsChangeNoBit(index: Int) {
    let reference = Self.references[index]
    let (loss, gradient, _) = reference.step()
    for count in [2, 3, 5] {
      let other = reference.step(Workers(count: count))
      #expect(other.loss.bitPattern == loss.bitPattern)
      #expect(other.gradient.map(\.bitPattern) == gradient.map(\.bitPattern))
    }
  }

  @Test func aStepLeavesNothingBehindForTheNext() {
    let reference = Self.references[3]
    let (_, expected, model) = reference.step()
    var parameters = reference.parameters
    var gradient = [Double](repeating: 1, count: parameters.count)
    let batch = Transformer.Batch(tokens: reference.tokens, labels: reference.labels)
    _ = model.gradient(batch, at: &parameters, into: &gradient)
    _ = model.loss(batch, at: &parameters)
    _ = model.gradient(batch, at: &parameters, reference.mask, into: &gradient)
    #expect(gradient.map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(parameters == reference.parameters)
  }

  @Test func theLossAloneIsThatWithoutDropout() {
    for reference in Self.references where reference.dropout == 0 {
      var parameters = reference.parameters
      let model = Transformer(reference.shape, sequences: reference.sequences)
      let batch = Transformer.Batch(tokens: reference.tokens, labels: reference.labels)
      #expect(abs(model.loss(batch, at: &parameters) - reference.loss) <= 1e-12 * reference.loss)
    }
  }
}
