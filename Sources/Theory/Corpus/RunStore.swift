/// Where sorted runs go that do not fit into memory: sequences of words, written once each and read
/// from front to back.
package protocol RunStore {
  /// Appends words to the run that is being written.
  mutating func write(_ words: [UInt32]) throws
  /// Up to `count` words from `offset`, counted from the first word ever written.
  func read(at offset: Int, count: Int) throws -> [UInt32]
}

/// A store of runs in memory: for tests, and for corpora that are known to fit.
package struct MemoryRuns: RunStore {
  private var words: [UInt32] = []

  package init() {}

  package mutating func write(_ words: [UInt32]) { self.words += words }

  package func read(at offset: Int, count: Int) -> [UInt32] {
    Array(words[offset..<min(offset + count, words.count)])
  }
}
