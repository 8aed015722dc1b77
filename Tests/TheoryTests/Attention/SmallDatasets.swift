@testable import Theory

/// Repeatable draws for tests (SplitMix64, DOI 10.1145/2714064.2660195).
struct TestRandom {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1).
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
  /// Uniform in 0..<bound, nearly.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  /// Uniform entries in ±1.
  mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows * columns).map { _ in 2 * uniform() - 1 })
  }

  /// Unit embeddings, T distinct tokens a sequence where T ≤ K, a label out of each sequence.
  mutating func dataset(n: Int, t: Int, k: Int, d: Int) -> Dataset {
    var embeddings = matrix(k, d)
    for row in 0..<k {
      let norm = Kernels.norm(Array(embeddings[row: row]))
      for column in 0..<d { embeddings[row, column] /= norm }
    }
    let sequences = (0..<n).map { _ in tokens(t, of: k) }
    return Dataset(
      embeddings: embeddings, sequences: sequences, labels: sequences.map { $0[below(t)] })
  }

  private mutating func tokens(_ count: Int, of vocabulary: Int) -> [Int] {
    if count > vocabulary { return (0..<count).map { _ in below(vocabulary) } }
    var left = Array(0..<vocabulary)
    return (0..<count).map { _ in left.remove(at: below(left.count)) }
  }
}

extension Dataset {
  /// The strongly connected components per last token by plain transitive closure.
  var closureComponents: [[Int]] {
    (0..<vocabulary).map { last in
      var reaches = [[Bool]](
        repeating: .init(repeating: false, count: vocabulary), count: vocabulary)
      var occurs = [Bool](repeating: false, count: vocabulary)
      for (sequence, label) in zip(sequences, labels) where sequence.last == last {
        for token in sequence {
          occurs[token] = true
          reaches[label][token] = true
          reaches[token][token] = true
        }
      }
      for k in 0..<vocabulary {
        for i in 0..<vocabulary where reaches[i][k] {
          for j in 0..<vocabulary where reaches[k][j] { reaches[i][j] = true }
        }
      }
      return (0..<vocabulary).map { token in
        occurs[token]
          ? (0..<vocabulary).first { reaches[token][$0] && reaches[$0][token] }! : -1
      }
    }
  }

  /// Whether every component has one token.
  var isAcyclic: Bool {
    closureComponents.allSatisfy { components in
      components.enumerated().allSatisfy { $1 == -1 || $1 == $0 }
    }
  }

  /// K = d with the unit vectors as embeddings.
  static func unit(_ tokens: Int, _ sequences: [[Int]], _ labels: [Int]) -> Dataset {
    var identity = Matrix(zeros: tokens, tokens)
    for index in 0..<tokens { identity[index, index] = 1 }
    return Dataset(embeddings: identity, sequences: sequences, labels: labels)
  }
}

extension Matrix {
  func plus(_ other: Matrix, times factor: Double = 1) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      elements: zip(elements, other.elements).map { $0 + factor * $1 })
  }

  func scaled(_ factor: Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map { $0 * factor })
  }
}
