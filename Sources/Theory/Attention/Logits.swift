private import CKernels

/// The logits of all contexts, as a head makes them of the attention masses.
///
/// A context has a slot for each logit that can differ from 0: with the tied head for each of its
/// own tokens, in the order of `Contexts.tokens` (the rest of the vocabulary is *silent*, its logits
/// are 0 and no mass depends on their derivatives); with the general head for the whole vocabulary.
final class Logits {
  let head: Head
  /// The number of contexts.
  let contexts: Int
  /// u by slot.
  let values: UnsafeMutablePointer<Double>
  /// ∂loss/∂u by slot, written by a `LogitLoss`.
  let derivatives: Block
  /// softmax(u / temperature) by slot.
  let probabilities: Block
  /// Of each context `Σ_{j≠y} p_j` and `−ln p_y`.
  let rests: Block
  let surprises: Block

  private let starts: [Int]
  private let ends: [Int]
  private let labels: [Int]
  private let silent: [Double]
  /// What `values` points to, kept alive.
  private let storage: Block
  private let masses: Block
  /// With the general head: the masses and ∂loss/∂a as rows over the vocabulary, E Eᵀ, where in the
  /// rows each mass is, and max |E Eᵀ|.
  private let rows: Block
  private let backward: Block
  private let gram: Block
  private let places: [Int]
  private let stride: Int
  private let largest: Double

  /// - Parameter masses: by position in `contexts.tokens`; read at every `update`.
  init(_ contexts: Contexts, head: Head, masses: Block) {
    (self.head, self.masses, self.contexts) = (head, masses, contexts.count)
    let isTied = head == .tied
    let stride = isTied ? 0 : SpaceChoice.stride(contexts.vocabulary)
    let indices = 0..<contexts.count
    starts = indices.map { isTied ? contexts.starts[$0] : $0 * stride }
    ends = indices.map { isTied ? contexts.starts[$0 + 1] : $0 * stride + contexts.vocabulary }
    labels = indices.map {
      isTied ? contexts.keptLabelPosition(of: $0) ?? -1 : $0 * stride + contexts.labels[$0]
    }
    silent = zip(starts, ends).map { Double(contexts.vocabulary - ($1 - $0)) }
    places = indices.flatMap { context in
      contexts.tokens[contexts.starts[context]..<contexts.starts[context + 1]].map {
        context * stride + $0
      }
    }
    storage = isTied ? masses : Block(count: contexts.count * stride)
    values = storage.pointer
    derivatives = Block(count: storage.count)
    probabilities = Block(count: storage.count)
    rests = Block(count: contexts.count)
    surprises = Block(count: contexts.count)
    rows = Block(count: contexts.count * stride)
    backward = Block(count: contexts.count * stride)
    let products = contexts.embeddings * contexts.embeddings.transposed
    largest = isTied ? 1 : products.elements.reduce(0) { max($0, abs($1)) }
    let padding = [Double](repeating: 0, count: (stride - contexts.vocabulary) * stride)
    gram = isTied ? Block(count: 0) : Block(Block(products, stride: stride).values + padding)
    self.stride = stride
  }

  /// The slots of a context.
  func slots(of context: Int) -> Range<Int> { starts[context]..<ends[context] }

  /// The slot of a context's label; −1 where it is silent.
  func label(of context: Int) -> Int { labels[context] }

  /// Computes u from the masses.
  func update() {
    guard head == .general else { return }
    for (entry, place) in places.enumerated() { rows.pointer[place] = masses.pointer[entry] }
    multiply(rows, into: storage)
  }

  /// ∂loss/∂a by position in `Contexts.tokens`, from the derivatives by u.
  ///
  /// - Returns: a bound of the magnitudes of the terms that were added up to each derivative of a
  ///   context; with the tied head the derivatives are no sums.
  func differentiateMasses(into result: Block, bounds: Block) {
    guard head == .general else {
      result.pointer.update(from: derivatives.pointer, count: result.count)
      return
    }
    multiply(derivatives, into: backward)
    for (entry, place) in places.enumerated() { result.pointer[entry] = backward.pointer[place] }
    for context in 0..<contexts {
      var sum = 0.0
      for slot in slots(of: context) { sum += abs(derivatives.pointer[slot]) }
      bounds.pointer[context] = sum * largest
    }
  }

  /// `result = left · E Eᵀ`, rows over the vocabulary.
  private func multiply(_ left: Block, into result: Block) {
    result.clear()
    mk_gemm(
      contexts, stride, stride, left.pointer, stride, gram.pointer, stride, result.pointer, stride)
  }

  /// Computes `probabilities`, `rests` and `surprises`.
  func softmax(temperature: Double) {
    let p = probabilities.pointer
    for context in 0..<contexts {
      var highest = silent[context] > 0 ? 0 : -Double.infinity
      for slot in slots(of: context) { highest = max(highest, values[slot]) }
      for slot in slots(of: context) { p[slot] = (values[slot] - highest) / temperature }
      surprises.pointer[context] = highest / temperature
    }
    mk_exp(p, p, probabilities.count)
    for context in 0..<contexts {
      let (shift, label) = (surprises.pointer[context], labels[context])
      let own = label < 0 ? 0 : values[label] / temperature
      normalise(context, shift, labelExponent: own - shift)
    }
  }

  /// - Parameters:
  ///   - shift: what was subtracted from the logits over the temperature.
  ///   - labelExponent: the label's logit over the temperature, less the shift.
  private func normalise(_ context: Int, _ shift: Double, labelExponent: Double) {
    let (p, label) = (probabilities.pointer, labels[context])
    let quiet = silent[context] > 0 ? Kernels.exp(-shift) : 0
    var rest = quiet * (label < 0 ? silent[context] - 1 : silent[context])
    for slot in slots(of: context) where slot != label { rest += p[slot] }
    let own = label < 0 ? quiet : p[label]
    let sum = rest + own
    for slot in slots(of: context) { p[slot] /= sum }
    rests.pointer[context] = rest / sum
    surprises.pointer[context] =
      rest < own ? Kernels.logOnePlus(rest / own) : Kernels.log(sum) - labelExponent
  }
}
