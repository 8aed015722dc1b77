private import CKernels

/// A layer norm over each row: `(x − mean) / √(variance + ε) · gain + bias`, ε = 10⁻⁵.
///
/// Source: J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, arXiv 1607.06450.
final class LayerNorm {
  private static let epsilon = 1e-5
  /// The rows, centred and scaled.
  private let unit: Grid
  /// 1/√(variance + ε) of each row.
  private let scale: Grid

  init(rows: Int, columns: Int) {
    unit = Grid(rows, columns)
    scale = Grid(1, rows)
  }

  /// Replaces the rows of `x` by their norms.
  func forward(_ x: View, gain: View, bias: View, _ workers: Workers) {
    workers(over: x.rows, grain: 64) { rows in
      for row in rows { forward(x, row, gain.start, bias.start) }
    }
  }

  private func forward(
    _ x: View, _ row: Int, _ gain: UnsafePointer<Double>, _ bias: UnsafePointer<Double>
  ) {
    let (values, unit, d) = (x[row], unit.view[row], x.columns)
    let mean = mk_sum(values, d) / Double(d)
    for column in 0..<d { unit[column] = values[column] - mean }
    let inverse = 1 / (mk_dot(unit, unit, d) / Double(d) + Self.epsilon).squareRoot()
    scale.elements[row] = inverse
    for column in 0..<d {
      unit[column] *= inverse
      values[column] = unit[column] * gain[column] + bias[column]
    }
  }

  /// Replaces the gradient by the rows after, `dy`, by that by the rows before, and adds the
  /// parameters' gradients.
  func backward(_ dy: View, gain: View, gainGradient: View, biasGradient: View) {
    let d = dy.columns
    for row in 0..<dy.rows {
      let (dy, unit) = (dy[row], unit.view[row])
      let (gain, dGain, dBias) = (gain.start, gainGradient.start, biasGradient.start)
      for column in 0..<d {
        dGain[column] += dy[column] * unit[column]
        dBias[column] += dy[column]
        dy[column] *= gain[column]
      }
      let mean = mk_sum(dy, d) / Double(d)
      let along = mk_dot(dy, unit, d) / Double(d)
      let inverse = scale.elements[row]
      for column in 0..<d { dy[column] = inverse * (dy[column] - mean - unit[column] * along) }
    }
  }
}
