/// A loss as a function of the logits; one file a loss, `Loss` lists them.
protocol LogitLoss {
  /// Its derivatives by the logits of some contexts, into `logits.derivatives`.
  func differentiate(_ logits: Logits, _ contexts: Range<Int>)

  /// The loss of each context, from what was last computed, into `losses`.
  func evaluate(_ logits: Logits, into losses: UnsafeMutablePointer<Double>)

  /// By how much the loss enlarges relative errors of the logits, at most.
  var amplification: Double { get }
}

extension LogitLoss {
  var amplification: Double { 1 }
}
