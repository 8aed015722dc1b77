/// Distributions, exact to the bit on every machine: integer arithmetic, IEEE operations and the
/// kernels' logarithm only.
extension Stream {
  /// Uniform on the multiples of 2⁻⁵³ in [0, 1).
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform on [−bound, bound).
  package mutating func uniform(within bound: Double) -> Double {
    (2 * uniform() - 1) * bound
  }

  /// Uniform on 0…count − 1, without bias.
  ///
  /// Multiplies 64 bits by the count and keeps the upper half; values of the lower half that would
  /// favour a result are drawn again. Source: D. Lemire, *Fast random integer generation in an
  /// interval*, 2019, doi:10.1145/3230636.
  package mutating func integer(below count: Int) -> Int {
    precondition(count > 0, "a range with a number in it")
    let width = UInt64(count)
    var product = next().multipliedFullWidth(by: width)
    if product.low < width {
      let excess = (0 &- width) % width
      while product.low < excess { product = next().multipliedFullWidth(by: width) }
    }
    return Int(product.high)
  }

  /// Standard normal.
  ///
  /// Every accepted point gives two variates, returned by consecutive calls. Source: G. Marsaglia,
  /// T. A. Bray, *A convenient method for generating normal variables*, 1964, doi:10.1137/1006063.
  package mutating func normal() -> Double {
    if let value = spareNormal {
      spareNormal = nil
      return value
    }
    while true {
      let (x, y) = (uniform(within: 1), uniform(within: 1))
      let square = x * x + y * y
      guard square < 1, square > 0 else { continue }
      let scale = (-2 * Kernels.log(square) / square).squareRoot()
      spareNormal = y * scale
      return x * scale
    }
  }

  /// An index, each with a probability proportional to its weight.
  ///
  /// - Parameter weights: finite and not negative, their sum positive.
  package mutating func index(weights: [Double]) -> Int {
    let total = weights.reduce(0, +)
    precondition(total > 0 && total < .infinity, "weights with a positive finite sum")
    var rest = uniform() * total
    for (index, weight) in weights.enumerated() {
      if rest < weight { return index }
      rest -= weight
    }
    // Only reached when rounding has used up the sum.
    return weights.lastIndex { $0 > 0 }!
  }
}
