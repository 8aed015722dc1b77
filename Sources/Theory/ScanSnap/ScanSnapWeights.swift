/// The pairwise weights `Y` (decoder) and `Z` (attention logits), or as much memory for their
/// gradients.
///
/// Of `Y`, M × M, only the columns of tokens that can be seen are kept, each contiguous: `decoder` has
/// a row a token and a column a logit. Of `Z` only the rows of last tokens are kept.
final class ScanSnapWeights {
  let classes: SequenceClasses
  /// `Yᵀ`, input tokens × stride; what pads a row is always 0.
  let decoder: Block
  /// The length of a row of `decoder`: M, rounded up to whole octets.
  let stride: Int
  /// `Z`, last tokens × M.
  let attention: Block

  /// All zero.
  init(_ classes: SequenceClasses) {
    self.classes = classes
    stride = (classes.vocabulary + 7) / 8 * 8
    decoder = Block(count: classes.inputTokens * stride)
    attention = Block(count: classes.lastTokens * classes.vocabulary)
  }

  /// Draws every entry uniformly from ±1/√M, as a linear layer of PyTorch starts.
  func draw(seed: Int) {
    let vocabulary = classes.vocabulary
    let bound = 1 / Double(vocabulary).squareRoot()
    var stream = Stream(kind: "snap", seed: seed, purpose: "decoder")
    for token in 0..<classes.inputTokens {
      for logit in 0..<vocabulary {
        decoder.pointer[token * stride + logit] = stream.uniform(within: bound)
      }
    }
    stream = Stream(kind: "snap", seed: seed, purpose: "attention")
    for entry in 0..<attention.count { attention.pointer[entry] = stream.uniform(within: bound) }
  }

  /// The row of `Z` of the last token of class n.
  func attention(of n: Int) -> UnsafeMutablePointer<Double> {
    attention.pointer + classes.query(of: n) * classes.vocabulary
  }

  /// Calls `body` with each run of consecutive tokens that class n may see: the place of the first in
  /// a batch's row, its number as a token, and how many there are.
  func forEachRun(of n: Int, withLast: Bool, _ body: (Int, Int, Int) -> Void) {
    body(0, 0, classes.common)
    body(classes.common, classes.firstDistinct(of: n), classes.distinct)
    if withLast { body(classes.contextTokens, classes.lastToken(of: n), 1) }
  }
}
