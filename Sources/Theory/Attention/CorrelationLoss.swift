/// `−u_y`, the negative correlation of the output with its label's embedding
/// (arXiv 2403.08081, section 5).
struct CorrelationLoss: LogitLoss {
  func differentiate(_ logits: Logits, _ contexts: Range<Int>) {
    let derivatives = logits.derivatives.pointer
    for context in contexts {
      let label = logits.label(of: context)
      for slot in logits.slots(of: context) { derivatives[slot] = 0 }
      if label >= 0 { derivatives[label] = -1 }
    }
  }

  func evaluate(_ logits: Logits, into losses: UnsafeMutablePointer<Double>) {
    for context in 0..<logits.contexts {
      let label = logits.label(of: context)
      losses[context] = label >= 0 ? -logits.values[label] : 0
    }
  }
}
