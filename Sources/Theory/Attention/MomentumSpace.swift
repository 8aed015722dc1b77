private import CKernels

/// Another space with momentum: `v ← μ v + g`, `W ← W − η v`.
///
/// The sum v is kept as derivatives by scores are (times η), so it works in every space that is linear
/// in them.
final class MomentumSpace<Base: DescentSpace>: DescentSpace {
  private let base: Base
  private let momentum: Double
  /// η v.
  private let velocity: Block

  init(_ base: Base, momentum: Double) {
    precondition(0 <= momentum && momentum < 1, "a momentum of \(momentum)")
    (self.base, self.momentum) = (base, momentum)
    velocity = Block(count: base.cells)
  }

  var frame: SpaceFrame { base.frame }

  func gradientNorm() -> Double { base.gradientNorm() }

  func step(_ size: Double) {
    let v = velocity.pointer
    for index in 0..<velocity.count {
      v[index] = momentum * v[index] + size * coefficients[index]
      coefficients[index] = v[index]
    }
    // The base moves along what it last took the norm of.
    _ = base.gradientNorm()
    base.step(1)
  }

  func write(to weights: UnsafeMutablePointer<Double>) { base.write(to: weights) }
}
