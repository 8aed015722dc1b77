/// A loss as a function of the logits; one file a loss, `Loss` lists them.
protocol LogitLoss {
  /// The loss of each context into `losses`, and its derivatives by the logits into
  /// `logits.derivatives`.
  func differentiate(_ logits: Logits, losses: UnsafeMutablePointer<Double>)

  /// By how much the loss enlarges relative errors of the logits, at most.
  var amplification: Double { get }
}

extension LogitLoss {
  var amplification: Double { 1 }
}
