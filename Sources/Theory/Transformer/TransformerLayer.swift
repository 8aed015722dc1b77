/// One layer: self-attention, then a feed-forward part, each followed by dropout, the sum with its
/// input and a layer norm, as far as the shape asks for them.
///
///     Y = norm(X + drop(attention(X) W_o)),  Z = norm(Y + drop(drop(max(0, Y W_1)) W_2)),
///
/// with a bias at every linear map. It keeps what its backward pass needs.
final class TransformerLayer {
  let attention: CausalAttention
  private let shape: TransformerShape
  private let number: Int
  private let products: Products
  private let firstNorm: LayerNorm
  private let secondNorm: LayerNorm
  // Activations, a row a token.
  private let input: Grid
  private let projections: Grid
  private let attended: Grid
  private let middle: Grid
  private let inner: Grid
  /// The output of the layer.
  let output: Grid
  // Masks and gradients.
  private let attentionMask: Grid
  private let outputMask: Grid
  private let innerMask: Grid
  private let outerMask: Grid
  private var masks: [Dropout.Site: View] = [:]
  private let dProjections: Grid
  private let dNarrow: Grid
  private let dInner: Grid

  init(_ shape: TransformerShape, number: Int, sequences: Int, _ products: Products) {
    let (n, d, f) = (sequences * shape.length, shape.dimension, shape.hidden)
    (self.shape, self.number, self.products) = (shape, number, products)
    attention = CausalAttention(
      sequences: sequences, length: shape.length, dimension: d, workers: products.workers)
    firstNorm = LayerNorm(rows: n, columns: d)
    secondNorm = LayerNorm(rows: n, columns: d)
    (input, attended, middle, output) = (Grid(n, d), Grid(n, d), Grid(n, d), Grid(n, d))
    (projections, inner) = (Grid(n, 3 * d), Grid(n, f))
    attentionMask = Grid(n, shape.length)
    (outputMask, innerMask, outerMask) = (Grid(n, d), Grid(n, f), Grid(n, d))
    (dProjections, dNarrow, dInner) = (Grid(n, 3 * d), Grid(n, d), Grid(n, f))
  }

  private func name(_ parameter: String) -> String { "layer \(number) \(parameter)" }

  func forward(_ x: View, _ parameters: ParameterViews, _ dropout: Dropout) {
    masks[.attention] = dropout.fill(attentionMask, .attention, number)
    masks[.output] = dropout.fill(outputMask, .output, number)
    masks[.inner] = dropout.fill(innerMask, .inner, number)
    masks[.outer] = dropout.fill(outerMask, .outer, number)
    input.view.copy(x)
    affine(input.view, "attention", parameters, into: projections.view)
    attention.forward(projections.view, mask: masks[.attention], into: attended.view)
    affine(attended.view, "output", parameters, into: middle.view)
    middle.view.multiply(masks[.output])
    if shape.isResidual { middle.view.add(input.view) }
    normalise(firstNorm, "first norm", middle.view, parameters)

    affine(middle.view, "inner", parameters, into: inner.view)
    rectify(inner.view)
    inner.view.multiply(masks[.inner])
    affine(inner.view, "outer", parameters, into: output.view)
    output.view.multiply(masks[.outer])
    if shape.isResidual { output.view.add(middle.view) }
    normalise(secondNorm, "second norm", output.view, parameters)
  }

  /// Replaces the gradient by the layer's output, `dx`, by that by its input, and adds those by its
  /// parameters.
  func backward(_ dx: View, _ parameters: ParameterViews, _ gradient: ParameterViews) {
    denormalise(secondNorm, "second norm", dx, parameters, gradient)
    let dSum = dNarrow.view
    dSum.copy(dx)
    dx.multiply(masks[.outer])
    affineBackward(dx, inner.view, "outer", parameters, gradient, into: dInner.view)
    // A number that was dropped or cut off is 0, and passes nothing on.
    dInner.view.multiply(masks[.inner])
    for row in 0..<inner.rows {
      let (d, value) = (dInner.view[row], inner.view[row])
      for column in 0..<inner.columns where !(value[column] > 0) { d[column] = 0 }
    }
    affineBackward(dInner.view, middle.view, "inner", parameters, gradient, into: dx)
    if shape.isResidual { dx.add(dSum) }

    denormalise(firstNorm, "first norm", dx, parameters, gradient)
    dSum.copy(dx)
    dx.multiply(masks[.output])
    affineBackward(dx, attended.view, "output", parameters, gradient, into: output.view)
    attention.backward(
      output.view, projections.view, mask: masks[.attention], into: dProjections.view)
    affineBackward(dProjections.view, input.view, "attention", parameters, gradient, into: dx)
    if shape.isResidual { dx.add(dSum) }
  }

  /// y = x W + bias.
  private func affine(_ x: View, _ part: String, _ parameters: ParameterViews, into y: View) {
    y.fill(with: parameters[name(part + " bias")].start)
    products.add(x, parameters[name(part)], to: y)
  }

  /// dx = dy Wᵀ; adds xᵀ dy and the sum of the rows of dy to the gradient.
  private func affineBackward(
    _ dy: View, _ x: View, _ part: String, _ parameters: ParameterViews,
    _ gradient: ParameterViews, into dx: View
  ) {
    products.addTransposed(x, dy, to: gradient[name(part)])
    products.addRows(of: dy, to: gradient[name(part + " bias")])
    let weights = parameters[name(part)]
    let transposed = Grid(weights.columns, weights.rows)
    transposed.view.transpose(weights)
    dx.fill()
    products.add(dy, transposed.view, to: dx)
  }

  private func rectify(_ x: View) {
    for row in 0..<x.rows {
      let values = x[row]
      for column in 0..<x.columns { values[column] = values[column] > 0 ? values[column] : 0 }
    }
  }

  private func normalise(
    _ norm: LayerNorm, _ part: String, _ x: View, _ parameters: ParameterViews
  ) {
    guard shape.isNormalised else { return }
    norm.forward(
      x, gain: parameters[name(part + " gain")], bias: parameters[name(part + " bias")],
      products.workers)
  }

  private func denormalise(
    _ norm: LayerNorm, _ part: String, _ dx: View, _ parameters: ParameterViews,
    _ gradient: ParameterViews
  ) {
    guard shape.isNormalised else { return }
    norm.backward(
      dx, gain: parameters[name(part + " gain")], gainGradient: gradient[name(part + " gain")],
      biasGradient: gradient[name(part + " bias")])
  }
}
