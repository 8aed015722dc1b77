/// Makes new inputs of old ones, the same ones for the same seed.
struct Mutator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64: Steele, Lea, Flood, OOPSLA 2014, doi 10.1145/2660193.2660195.
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  /// A few changes of an input of `pool`.
  mutating func mutation(of pool: [[UInt8]]) -> [UInt8] {
    var bytes = pool[below(pool.count)]
    for _ in 0...below(5) { change(&bytes, pool) }
    return bytes.count > 1 << 16 ? Array(bytes[..<(1 << 16)]) : bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ pool: [[UInt8]]) {
    let range = range(of: bytes)
    switch below(8) {
    case 0: bytes.removeSubrange(range)
    case 1: bytes.insert(UInt8(below(256)), at: range.lowerBound)
    case 2: if !range.isEmpty { bytes[range.lowerBound] ^= 1 << UInt8(below(8)) }
    case 3: bytes.insert(contentsOf: bytes[range], at: below(bytes.count + 1))
    case 4:
      let other = pool[below(pool.count)]
      bytes.insert(contentsOf: other[self.range(of: other)], at: range.lowerBound)
    case 5: swapLines(&bytes)
    case 6: bytes.replaceSubrange(range, with: word())
    default: bytes.insert(contentsOf: word(), at: range.lowerBound)
    }
  }

  /// A short range more often than a long one.
  private mutating func range(of bytes: [UInt8]) -> Range<Int> {
    let start = below(bytes.count + 1)
    let length = below(1 << below(9))
    return start..<min(bytes.count, start + length)
  }

  private mutating func swapLines(_ bytes: inout [UInt8]) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    lines.swapAt(below(lines.count), below(lines.count))
    bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  private mutating func word() -> [UInt8] {
    Array(Mutator.words[below(Mutator.words.count)].utf8)
  }

  /// What YAML and manifests are made of.
  private static let words = [
    "&a ", "*a", "<<: *a\n", "<<: ", "[", "]", "{", "}", "- ", "? ", ": ", ", ", "\n", "\n  ", " #",
    "'", "\"", "|\n", ">-\n", "---\n", "...\n", "%YAML 1.2\n", "!!int ", "!!str ", "!x ", "\\u2028",
    "\u{FEFF}", "\u{85}", "é", "😀", "~", "null", "true", "yes", "0x1F", "0o17", "1e999", "-1",
    "1e3",
    ".nan", ".inf", "9223372036854775807", "99999999999999999999", "0.5", "1..100", "0..1000000",
    "data.size", "data.depth", "data.form", "data.closed", "train.step.size", "train.iterations",
    "round", "{tilted: 3}", "{given: there.npy}", "{sides: {lengths: [1, 2]}}", "model: line\n",
    "sweep:\n  data.depth: [4, 8]\n", "zip: {data.size: [1, 2], data.closed: [true, false]}\n",
    "exclude:\n- {data.depth: 4}\n", "seeds: [1..10, 42]\n", "where: {data.depth: 8}, ",
    "at: {from: 1, to: final}, ", "statistic: slope, ", "between: [0, 1], ", "x: data.depth, ",
    "by: [data.depth], ", "band: quantiles, ", "x-scale: log, ", "min-count: 3, ",
  ]
}
