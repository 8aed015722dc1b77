private import CKernels

/// The cross-entropy of the next token, mean over tokens, in nats.
enum TokenLoss {
  /// - Parameters:
  ///   - logits: a row a token; replaced by the gradient of the mean.
  ///   - labels: the token that follows each.
  /// - Returns: the mean, and for each row its own loss added in order.
  static func gradient(_ logits: View, _ labels: [Int], _ workers: Workers) -> Double {
    let losses = Grid(1, logits.rows)
    let share = 1 / Double(logits.rows)
    workers(over: logits.rows, grain: 16) { rows in
      for row in rows {
        let values = logits[row]
        let (label, k) = (labels[row], logits.columns)
        let largest = largest(values, k)
        let wanted = values[label] - largest
        for token in 0..<k { values[token] -= largest }
        mk_exp(values, values, k)
        let sum = mk_sum(values, k)
        losses.elements[row] = Kernels.log(sum) - wanted
        let scale = share / sum
        for token in 0..<k { values[token] *= scale }
        values[label] -= share
      }
    }
    return mk_sum(losses.elements, logits.rows) * share
  }

  /// The largest of some numbers; eight at a time.
  private static func largest(_ values: UnsafeMutablePointer<Double>, _ count: Int) -> Double {
    var lanes = SIMD8<Double>(repeating: -.infinity)
    var index = 0
    while index + 8 <= count {
      let next = UnsafeRawPointer(values + index).loadUnaligned(as: SIMD8<Double>.self)
      lanes.replace(with: next, where: next .> lanes)
      index += 8
    }
    var largest = lanes.max()
    while index < count {
      largest = max(largest, values[index])
      index += 1
    }
    return largest
  }
}
