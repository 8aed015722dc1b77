import Foundation
import Testing

@testable import Theory

/// Against JAX's autograd and 60-digit differences: References/make_gradients.py.
@Suite struct GradientReferenceTests {
  struct References: Decodable {
    let autograd: [Autograd]
    let exact: [Exact]
  }

  struct Autograd: Decodable, ReferenceProblem {
    let vocabulary: Int, dimension: Int
    let embeddings: [Double], sequences: [[Int]], labels: [Int], weights: [Double]
    let loss: Double, gradient: [Double]
  }

  struct Exact: Decodable, ReferenceProblem {
    let vocabulary: Int, dimension: Int
    let embeddings: [Double], sequences: [[Int]], labels: [Int], weights: [Double]
    let logLoss: Double, logNorm: Double, direction: [Double]
  }

  static func references() throws -> References {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "References/gradients.json"))
    return try JSONDecoder().decode(References.self, from: data)
  }

  @Test func agreesWithAutograd() throws {
    for reference in try Self.references().autograd {
      let (contexts, weights) = (reference.contexts, reference.square(reference.weights))
      let expected = reference.square(reference.gradient)
      let gradient = Loss.log.gradient(at: weights, of: contexts).matrix
      #expect((gradient - expected).norm <= 1e-12 * expected.norm)
      let loss = Loss.log.value(at: weights, of: contexts)
      #expect(abs(loss.value - reference.loss) <= 1e-12 * reference.loss)
      #expect(abs(loss.logarithm - Kernels.log(reference.loss)) <= 1e-12)
    }
  }

  /// Where double precision has no `1 − a_y`, no gradient (e^−1699), or no e^x (mass on the wrong token).
  @Test func agreesWithSixtyDigits() throws {
    for reference in try Self.references().exact {
      let (contexts, weights) = (reference.contexts, reference.square(reference.weights))
      let gradient = Loss.log.gradient(at: weights, of: contexts)
      let direction = reference.square(reference.direction)
      // The exponents are sums of size ‖W‖; their rounding is a relative error of the gradient.
      let tolerance = 1e-14 + 4 * Double.ulpOfOne * weights.norm
      let norm = gradient.direction.norm
      #expect((gradient.direction.scaled(1 / norm) - direction).norm <= tolerance)
      #expect(abs(gradient.logNorm - reference.logNorm) <= tolerance)
      let loss = Loss.log.value(at: weights, of: contexts)
      #expect(abs(loss.logarithm - reference.logLoss) <= tolerance)
    }
  }
}

/// A dataset and weights, as the script that makes the references writes them.
private protocol ReferenceProblem {
  var vocabulary: Int { get }
  var dimension: Int { get }
  var embeddings: [Double] { get }
  var sequences: [[Int]] { get }
  var labels: [Int] { get }
}

extension ReferenceProblem {
  var contexts: Contexts {
    Contexts(
      Dataset(
        embeddings: Matrix(rows: vocabulary, columns: dimension, elements: embeddings),
        sequences: sequences, labels: labels))
  }

  /// A d × d matrix.
  func square(_ elements: [Double]) -> Matrix {
    Matrix(rows: dimension, columns: dimension, elements: elements)
  }
}
