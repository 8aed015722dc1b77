import Testing

@testable import Theory

/// Streams, distributions and drawn sequences against References/make_streams.py.
@Suite struct StreamReferenceTests {
  private var stream: Theory.Stream {
    Stream(kind: "data", seed: (1 << 53) + 1, purpose: "tokens/0")
  }

  @Test func words() {
    var stream = stream
    let words: [UInt64] = [
      0xf475_fd4c_b70e_5da6, 0x2a27_8a2f_4288_0c0c, 0xc2ab_cbfd_5c07_62b4, 0x6494_8e3f_ba5a_af50,
    ]
    #expect((0..<4).map { _ in stream.next() } == words)
  }

  @Test func uniforms() {
    var stream = stream
    let values = [0.9549253761570581, 0.16466582921796669, 0.7604339116624295]
    #expect((0..<3).map { _ in stream.uniform() } == values)
  }

  @Test func integers() {
    var (short, long) = (stream, stream)
    #expect((0..<12).map { _ in short.integer(below: 6) } == [5, 0, 4, 2, 0, 1, 2, 2, 3, 2, 0, 3])
    // Here some words are drawn again.
    let values = [
      6_605_724_008_797_528_862, 1_139_080_653_475_873_924, 5_260_323_657_527_510_275,
      1_510_149_343_257_446_720,
    ]
    #expect((0..<4).map { _ in long.integer(below: 3 << 61) } == values)
  }

  @Test func normals() {
    var stream = stream
    let values = [
      1.4015200018628917, -0.5764007938383309, -0.6678797598676035, -2.0171716293646793,
    ]
    for value in values { #expect(abs(stream.normal() - value) < 4 * value.ulp) }
  }

  @Test func choices() {
    var stream = stream
    #expect(stream.choice(4, of: 9) == [8, 2, 7, 5])
    #expect(stream.choice(5, of: 5) == [0, 1, 3, 2, 4])
  }

  @Test func sequencesAndLabels() throws {
    var design = DatasetDesign(
      sequences: 4, length: 4, vocabulary: 6, dimension: 2, embedding: .unitRandom)
    let data = try design.draw(seed: 12)
    #expect(data.sequences == [[1, 4, 5, 2], [1, 2, 0, 3], [2, 5, 3, 0], [1, 5, 2, 0]])
    #expect(data.labels == [4, 1, 3, 0])
    (design.sequences, design.length, design.vocabulary) = (1, 5, 3)
    #expect(try design.draw(seed: 12).sequences == [[1, 0, 2, 1, 0]])
  }
}
