/// Words with numbers from 0 in the order of their first insertion: a hash table over one array of
/// bytes.
struct WordTable {
  private(set) var bytes: [UInt8] = []
  /// Where each word starts, and where the last ends.
  private var starts = [0]
  private var hashes: [UInt64] = []
  /// The number of a word, or −1; the size is a power of two, at most half of it in use.
  private var slots = [Int32](repeating: -1, count: 1024)

  var count: Int { hashes.count }

  func word(_ number: Int) -> ArraySlice<UInt8> { bytes[starts[number]..<starts[number + 1]] }

  func number(of word: UnsafeBufferPointer<UInt8>) -> Int? {
    let number = slots[slot(of: word, Self.hash(word))]
    return number < 0 ? nil : Int(number)
  }

  /// The word's number, a new one if it has none.
  mutating func insert(_ word: UnsafeBufferPointer<UInt8>) -> Int {
    let hash = Self.hash(word)
    let slot = slot(of: word, hash)
    guard slots[slot] < 0 else { return Int(slots[slot]) }
    slots[slot] = Int32(count)
    hashes.append(hash)
    bytes += word
    starts.append(bytes.count)
    if 2 * count > slots.count { grow() }
    return count - 1
  }

  /// Where the word is, or would be: linear probing.
  private func slot(of word: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if hashes[number] == hash, isWord(number, word) { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func isWord(_ number: Int, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[number]
    guard starts[number + 1] - start == word.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      for index in 0..<word.count where bytes[start + index] != word[index] { return false }
      return true
    }
  }

  private mutating func grow() {
    slots = .init(repeating: -1, count: 2 * slots.count)
    for (number, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }

  /// Eight bytes at a time, mixed by a multiplication whose upper half goes to the lower bits. No
  /// result depends on it but through equality.
  private static func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(word.count)
    func mix(_ value: UInt64) {
      hash = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    let raw = UnsafeRawBufferPointer(word)
    var place = 0
    while place + 8 <= raw.count {
      mix(raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      place += 8
    }
    var tail: UInt64 = 0
    for index in place..<raw.count { tail = tail << 8 | UInt64(raw[index]) }
    if place < raw.count { mix(tail) }
    return hash
  }
}
