private import CKernels

/// The weight of each context in the mean: its share of the sequences, or of a mini-batch of them.
final class ContextShares {
  let pointer: UnsafeMutablePointer<Double>
  /// The contexts of the mini-batch, ascending; nil: all contexts. One thread at a time changes it, and
  /// every step of descent reads it: a check of each access would be felt.
  @exclusivity(unchecked) private(set) var batch: [Int]?
  private let block: Block
  private let whole: Block

  init(_ contexts: Contexts) {
    (block, whole) = (Block(contexts.shares), Block(contexts.shares))
    pointer = block.pointer
  }

  /// All sequences.
  func restore() {
    pointer.update(from: whole.pointer, count: whole.count)
    batch = nil
  }

  /// A mini-batch.
  /// - Parameters:
  ///   - contexts: of each sequence that is in a context.
  ///   - unit: what a sequence adds to the share of its context.
  func set(_ contexts: [Int], unit: Double) {
    if let batch { for context in batch { pointer[context] = 0 } } else { block.clear() }
    batch = batch ?? []
    batch!.removeAll(keepingCapacity: true)
    for context in contexts {
      if pointer[context] == 0 { batch!.append(context) }
      pointer[context] += unit
    }
    batch!.sort()
  }

  var values: [Double] { block.values }

  /// `Σ share · values`.
  func mean(of values: Block) -> Double { mk_dot(pointer, values.pointer, values.count) }
}
