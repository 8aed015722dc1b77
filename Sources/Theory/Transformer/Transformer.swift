private import CKernels

/// A causal transformer for the next token: embedding, layers, decoder.
///
/// The embeddings are multiplied by √d, as in PyTorch's example; embedding and decoder are not tied.
/// It owns the memory of one batch, which every step fills anew.
package final class Transformer {
  package let shape: TransformerShape
  /// Sequences in a batch.
  package let sequences: Int
  private let products: Products
  private let layers: [TransformerLayer]
  private let embedded: Grid
  private let embeddedMask: Grid
  private let logits: Grid
  private let transposedDecoder: Grid

  package init(_ shape: TransformerShape, sequences: Int, workers: Workers = .alone) {
    (self.shape, self.sequences) = (shape, sequences)
    let products = Products(workers: workers)
    self.products = products
    layers = (0..<shape.layers).map {
      TransformerLayer(shape, number: $0, sequences: sequences, products)
    }
    let n = sequences * shape.length
    embedded = Grid(n, shape.dimension)
    embeddedMask = Grid(n, shape.dimension)
    logits = Grid(n, shape.vocabulary)
    transposedDecoder = Grid(shape.vocabulary, shape.dimension)
  }

  /// The tokens of a batch, one sequence after the other, and the token that follows each.
  package struct Batch: Hashable, Sendable {
    package let tokens: [Int]
    package let labels: [Int]

    package init(tokens: [Int], labels: [Int]) {
      precondition(tokens.count == labels.count)
      (self.tokens, self.labels) = (tokens, labels)
    }
  }

  /// The mean cross-entropy of a batch, in nats, and its gradient.
  ///
  /// - Parameters:
  ///   - parameters: in the order of ``TransformerShape/parameters``.
  ///   - gradient: as many numbers, which are replaced.
  package func gradient(
    _ batch: Batch, at parameters: inout [Double], _ dropout: Dropout = .none,
    into gradient: inout [Double]
  ) -> Double {
    gradient.withUnsafeMutableBufferPointer { gradient in
      gradient.update(repeating: 0)
      return parameters.withUnsafeMutableBufferPointer { parameters in
        let (parameters, gradient) = (
          ParameterViews(parameters.baseAddress!, shape),
          ParameterViews(gradient.baseAddress!, shape)
        )
        let last = forward(batch, parameters, dropout)
        let loss = TokenLoss.gradient(logits.view, batch.labels, products.workers)
        backward(batch, last, parameters, gradient)
        return loss
      }
    }
  }

  /// A step of gradient descent with the gradient's norm cut to at most `clip`.
  ///
  /// - Parameter gradient: memory for as many numbers as there are parameters.
  /// - Returns: the batch's loss before the step, and the gradient's norm before it was cut.
  package func step(
    _ batch: Batch, at parameters: inout [Double], _ dropout: Dropout, stepSize: Double,
    clip: Double, gradient: inout [Double]
  ) -> (loss: Double, norm: Double) {
    let loss = self.gradient(batch, at: &parameters, dropout, into: &gradient)
    let norm = Kernels.norm(gradient)
    let scale = norm > clip ? clip / norm : 1
    parameters.withUnsafeMutableBufferPointer { parameters in
      gradient.withUnsafeBufferPointer { gradient in
        products.workers(over: gradient.count, grain: 1 << 16) { part in
          mk_axpy(
            parameters.baseAddress! + part.lowerBound, -stepSize * scale,
            gradient.baseAddress! + part.lowerBound, part.count)
        }
      }
    }
    return (loss, norm)
  }

  /// The mean cross-entropy of a batch without dropout, in nats.
  package func loss(_ batch: Batch, at parameters: inout [Double]) -> Double {
    parameters.withUnsafeMutableBufferPointer { parameters in
      _ = forward(batch, ParameterViews(parameters.baseAddress!, shape), .none)
      return TokenLoss.gradient(logits.view, batch.labels, products.workers)
    }
  }

  /// The attention in a layer of the last batch, L × L of one sequence below that of the other.
  package func attention(layer: Int) -> Matrix {
    let weights = layers[layer].attention.weights
    return Matrix(rows: weights.rows, columns: weights.columns, elements: weights.array)
  }

  /// Fills the logits; returns what went into the decoder.
  private func forward(
    _ batch: Batch, _ parameters: ParameterViews, _ dropout: Dropout
  ) -> View {
    let scale = Double(shape.dimension).squareRoot()
    let embedding = parameters["embedding"]
    for (row, token) in batch.tokens.enumerated() {
      let (to, from) = (embedded.view[row], embedding[token])
      for column in 0..<shape.dimension { to[column] = scale * from[column] }
      guard shape.hasPositions else { continue }
      let position = parameters["positions"][row % shape.length]
      for column in 0..<shape.dimension { to[column] += position[column] }
    }
    mask = dropout.fill(embeddedMask, .embedding, -1)
    embedded.view.multiply(mask)
    var x = embedded.view
    for layer in layers {
      layer.forward(x, parameters, dropout)
      x = layer.output.view
    }
    logits.view.fill(with: parameters["decoder bias"].start)
    products.add(x, parameters["decoder"], to: logits.view)
    return x
  }

  /// What is left of the embeddings.
  private var mask: View?

  /// - Parameter x: what went into the decoder.
  private func backward(
    _ batch: Batch, _ x: View, _ parameters: ParameterViews, _ gradient: ParameterViews
  ) {
    products.addTransposed(x, logits.view, to: gradient["decoder"])
    products.addRows(of: logits.view, to: gradient["decoder bias"])
    let decoder = parameters["decoder"]
    products.workers(over: shape.vocabulary, grain: 256) { rows in
      transposedDecoder.view.part(rows: rows).transpose(decoder.part(columns: rows))
    }
    let dx = Grid(x.rows, x.columns)
    products.add(logits.view, transposedDecoder.view, to: dx.view)
    for layer in layers.reversed() { layer.backward(dx.view, parameters, gradient) }

    dx.view.multiply(mask)
    let scale = Double(shape.dimension).squareRoot()
    for (row, token) in batch.tokens.enumerated() {
      mk_axpy(gradient["embedding"][token], scale, dx.view[row], shape.dimension)
      guard shape.hasPositions else { continue }
      mk_axpy(gradient["positions"][row % shape.length], 1, dx.view[row], shape.dimension)
    }
  }
}
