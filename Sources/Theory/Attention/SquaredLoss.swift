/// `(1 − u_y)²` with the tied head, `(1 − softmax(u)_y)²` with the general one
/// (arXiv 2403.08081, section 5).
///
/// What is left of 1 is the sum over the other tokens, so it is right to rounding near 0.
struct SquaredLoss: LogitLoss {
  func differentiate(_ logits: Logits, _ contexts: Range<Int>) {
    switch logits.head {
    case .tied: ofMasses(logits, contexts)
    case .general: ofProbabilities(logits, contexts)
    }
  }

  private func ofMasses(_ logits: Logits, _ contexts: Range<Int>) {
    let (u, derivatives) = (logits.values, logits.derivatives.pointer)
    for context in contexts {
      let label = logits.label(of: context)
      var rest = 0.0
      for slot in logits.slots(of: context) where slot != label {
        rest += u[slot]
        derivatives[slot] = 0
      }
      if label >= 0 { derivatives[label] = -2 * rest }
      logits.rests.pointer[context] = rest
    }
  }

  private func ofProbabilities(_ logits: Logits, _ contexts: Range<Int>) {
    logits.softmax(temperature: 1, contexts)
    let (p, derivatives) = (logits.probabilities.pointer, logits.derivatives.pointer)
    for context in contexts {
      let label = logits.label(of: context)
      let rest = logits.rests.pointer[context]
      let factor = 2 * rest * p[label]
      for slot in logits.slots(of: context) { derivatives[slot] = factor * p[slot] }
      derivatives[label] = -factor * rest
    }
  }

  func evaluate(_ logits: Logits, into losses: UnsafeMutablePointer<Double>) {
    for context in 0..<logits.contexts {
      let rest = logits.rests.pointer[context]
      losses[context] = rest * rest
    }
  }
}
