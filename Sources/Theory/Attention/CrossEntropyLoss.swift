/// `−ln softmax(u / temperature)_y` over the whole vocabulary (arXiv 2403.08081, section 5).
///
/// With the tied head the tokens outside a context have the logit 0, so the loss is bounded.
struct CrossEntropyLoss: LogitLoss {
  let temperature: Double

  init(_ temperature: Double) {
    precondition(temperature > 0, "a temperature of \(temperature)")
    self.temperature = temperature
  }

  var amplification: Double { 1 + 1 / temperature }

  func differentiate(_ logits: Logits, _ contexts: Range<Int>) {
    logits.softmax(temperature: temperature, contexts)
    let (p, derivatives) = (logits.probabilities.pointer, logits.derivatives.pointer)
    for context in contexts {
      let label = logits.label(of: context)
      let rest = logits.rests.pointer[context]
      for slot in logits.slots(of: context) { derivatives[slot] = p[slot] / temperature }
      if label >= 0 { derivatives[label] = -rest / temperature }
    }
  }

  func evaluate(_ logits: Logits, into losses: UnsafeMutablePointer<Double>) {
    for context in 0..<logits.contexts {
      losses[context] = logits.surprise(of: context, temperature: temperature)
    }
  }
}
