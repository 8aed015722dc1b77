import Foundation
import Testing

@testable import Theory

/// Every loss and head against PyTorch's autograd: References/make_losses.py.
@Suite struct LossReferenceTests {
  struct Reference: Decodable {
    let vocabulary: Int, dimension: Int, inner: Int
    let embeddings: [Double], sequences: [[Int]], labels: [Int], weights: [Double]
    let loss: String, head: String, temperature: Double
    let value: Double, gradient: [Double]
    let keys: [Double], queries: [Double], keyGradient: [Double], queryGradient: [Double]

    var contexts: Contexts {
      Contexts(
        Dataset(
          embeddings: Matrix(rows: vocabulary, columns: dimension, elements: embeddings),
          sequences: sequences, labels: labels))
    }

    var variant: Loss {
      switch loss {
      case "squared": .squared
      case "cross-entropy": .crossEntropy(temperature: temperature)
      case "correlation": .correlation
      default: .log
      }
    }

    func matrix(_ elements: [Double], rows: Int) -> Matrix {
      Matrix(rows: rows, columns: dimension, elements: elements)
    }
  }

  static let references = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let data = try! Data(contentsOf: folder.appending(path: "References/losses.json"))
    return try! JSONDecoder().decode([Reference].self, from: data)
  }()

  @Test func agreesWithAutograd() {
    #expect(Self.references.count == 88)
    for reference in Self.references {
      let weights = reference.matrix(reference.weights, rows: reference.dimension)
      let expected = reference.matrix(reference.gradient, rows: reference.dimension)
      let head = Head(rawValue: reference.head)!
      let gradient = reference.variant.gradient(at: weights, of: reference.contexts, head: head)
      #expect((gradient.matrix - expected).norm <= 1e-12 * expected.norm)
      let value = reference.variant.value(at: weights, of: reference.contexts, head: head).value
      #expect(abs(value - reference.value) <= 1e-12 * abs(reference.value))
    }
  }

  /// One plain step of size 1 moves the factors by their gradient.
  @Test func factorsAgreeWithAutograd() {
    for reference in Self.references {
      let (m, d) = (reference.inner, reference.dimension)
      let start = Factors(
        keys: reference.matrix(reference.keys, rows: m),
        queries: reference.matrix(reference.queries, rows: m))
      let moved = Factors(
        keys: start.keys - reference.matrix(reference.keyGradient, rows: m),
        queries: start.queries - reference.matrix(reference.queryGradient, rows: m))
      let descent = Descent(
        stepSize: 1, isNormalised: false, iterations: 1, schedule: .every(1),
        loss: reference.variant, head: Head(rawValue: reference.head)!)
      let trajectory = descent.run(reference.contexts, from: start)
      let expected = moved.product
      #expect((trajectory.final - expected).norm <= 1e-13 * Double(d) * expected.norm)
      let norm = Kernels.norm(reference.keyGradient + reference.queryGradient)
      #expect(abs(trajectory.gradientNorms[0] - norm) <= 1e-12 * norm)
    }
  }
}
