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
  /// Of each context `Σ_{j≠y} p_j`.
  let rests: Block

  private let starts: Indices
  private let ends: Indices
  private let labels: Indices
  /// How many logits of each context are silent.
  private let silent: Block
  /// Of each context, with the temperature of the last softmax: what was subtracted from the logits
  /// over the temperature, then `e` to minus that; `Σ_{j≠y} e^…` and that of the label.
  private let shifts: Block
  private let quiets: Block
  private let others: Block
  private let owns: Block
  /// What `values` points to, kept alive.
  private let storage: Block
  private let masses: Block
  /// With the general head: the masses and ∂loss/∂a as rows over the vocabulary, E Eᵀ, where in the
  /// rows each mass is, and max |E Eᵀ|.
  private let rows: Block
  private let backward: Block
  private let gram: Block
  private let places: Indices
  /// Where the positions of each context's tokens start.
  private let entries: Indices
  private let stride: Int
  private let largest: Double

  /// - Parameter masses: by position in `contexts.tokens`; read at every `update`.
  init(_ contexts: Contexts, head: Head, masses: Block) {
    (self.head, self.masses, self.contexts) = (head, masses, contexts.count)
    let isTied = head == .tied
    let stride = isTied ? 0 : SpaceFrame.columns(contexts.vocabulary)
    let indices = 0..<contexts.count
    let starts = indices.map { isTied ? contexts.starts[$0] : $0 * stride }
    let ends = indices.map { isTied ? contexts.starts[$0 + 1] : $0 * stride + contexts.vocabulary }
    labels = Indices(
      indices.map {
        isTied ? contexts.keptLabelPosition(of: $0) ?? -1 : $0 * stride + contexts.labels[$0]
      })
    silent = Block(zip(starts, ends).map { Double(contexts.vocabulary - ($1 - $0)) })
    (self.starts, self.ends) = (Indices(starts), Indices(ends))
    entries = Indices(contexts.starts)
    places = Indices(
      indices.flatMap { context in
        contexts.tokens[contexts.starts[context]..<contexts.starts[context + 1]].map {
          context * stride + $0
        }
      })
    storage = isTied ? masses : Block(count: contexts.count * stride)
    values = storage.pointer
    derivatives = Block(count: storage.count)
    probabilities = Block(count: storage.count)
    rests = Block(count: contexts.count)
    (shifts, quiets) = (Block(count: contexts.count), Block(count: contexts.count))
    (others, owns) = (Block(count: contexts.count), Block(count: contexts.count))
    rows = Block(count: contexts.count * stride)
    backward = Block(count: contexts.count * stride)
    (gram, largest) = isTied ? (Block(count: 0), 1) : Logits.gram(contexts, stride: stride)
    self.stride = stride
  }

  /// E Eᵀ, its rows padded, and the largest magnitude of its elements.
  private static func gram(_ contexts: Contexts, stride: Int) -> (Block, Double) {
    let products = contexts.embeddings * contexts.transposedEmbeddings
    let padding = [Double](repeating: 0, count: (stride - contexts.vocabulary) * stride)
    let gram = Block(Block(products, stride: stride).values + padding)
    return (gram, products.elements.reduce(0) { max($0, abs($1)) })
  }

  /// The slots of a context.
  @inline(__always)
  func slots(of context: Int) -> Range<Int> { starts[context]..<ends[context] }

  /// The slot of a context's label; −1 where it is silent.
  @inline(__always)
  func label(of context: Int) -> Int { labels[context] }

  /// Computes u of some contexts from the masses.
  func update(_ range: Range<Int>) {
    guard head == .general else { return }
    for entry in entries[range.lowerBound]..<entries[range.upperBound] {
      rows.pointer[places[entry]] = masses.pointer[entry]
    }
    multiply(rows, range, into: storage)
  }

  /// ∂loss/∂a of some contexts by position in `Contexts.tokens`, from the derivatives by u.
  ///
  /// With the general head `bounds` gets a bound of the magnitudes of the terms that were added up to
  /// each derivative of a context; with the tied head the derivatives are no sums.
  func differentiateMasses(_ range: Range<Int>, into result: Block, bounds: Block) {
    let positions = entries[range.lowerBound]..<entries[range.upperBound]
    guard head == .general else {
      let start = positions.lowerBound
      (result.pointer + start).update(from: derivatives.pointer + start, count: positions.count)
      return
    }
    multiply(derivatives, range, into: backward)
    for entry in positions { result.pointer[entry] = backward.pointer[places[entry]] }
    for context in range {
      var sum = 0.0
      for slot in slots(of: context) { sum += abs(derivatives.pointer[slot]) }
      bounds.pointer[context] = sum * largest
    }
  }

  /// `result = left · E Eᵀ` for the rows of some contexts, which are over the vocabulary.
  private func multiply(_ left: Block, _ range: Range<Int>, into result: Block) {
    let start = range.lowerBound * stride
    (result.pointer + start).update(repeating: 0, count: range.count * stride)
    mk_gemm(
      range.count, stride, stride, left.pointer + start, stride, gram.pointer, stride,
      result.pointer + start, stride)
  }

  /// Computes `probabilities` and `rests` of some contexts.
  func softmax(temperature: Double, _ range: Range<Int>) {
    let (p, shift, quiet) = (probabilities.pointer, shifts.pointer, quiets.pointer)
    for context in range {
      var highest = silent.pointer[context] > 0 ? 0 : -Double.infinity
      for slot in slots(of: context) { highest = max(highest, values[slot]) }
      for slot in slots(of: context) { p[slot] = (values[slot] - highest) / temperature }
      shift[context] = highest / temperature
      quiet[context] = -shift[context]
    }
    let (first, last) = (range.lowerBound, range.upperBound - 1)
    mk_exp(p + starts[first], p + starts[first], ends[last] - starts[first])
    mk_exp(quiet + first, quiet + first, range.count)
    for context in range { normalise(context) }
  }

  private func normalise(_ context: Int) {
    let (p, label) = (probabilities.pointer, labels[context])
    let silent = silent.pointer[context]
    let quiet = silent > 0 ? quiets.pointer[context] : 0
    var rest = quiet * (label < 0 ? silent - 1 : silent)
    for slot in slots(of: context) where slot != label { rest += p[slot] }
    let own = label < 0 ? quiet : p[label]
    let sum = rest + own
    for slot in slots(of: context) { p[slot] /= sum }
    rests.pointer[context] = rest / sum
    (others.pointer[context], owns.pointer[context]) = (rest, own)
  }

  /// `−ln p_y` of a context.
  /// - Parameter temperature: that of the last softmax.
  func surprise(of context: Int, temperature: Double) -> Double {
    let (rest, own) = (others.pointer[context], owns.pointer[context])
    if rest < own { return Kernels.logOnePlus(rest / own) }
    let label = labels[context]
    let exponent = label < 0 ? 0 : values[label] / temperature
    return Kernels.log(rest + own) - (exponent - shifts.pointer[context])
  }
}
