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
      0xb354_2a62_3911_5b26, 0x070b_6fab_78d6_bc7e, 0x08e3_4ff9_711d_8ab6, 0xa09a_a0ec_c535_1650,
    ]
    #expect((0..<4).map { _ in stream.next() } == words)
  }

  @Test func uniforms() {
    var stream = stream
    let values = [0.7005030145456365, 0.02751825271919983, 0.03471851196183284]
    #expect((0..<3).map { _ in stream.uniform() } == values)
  }

  @Test func integers() {
    var (short, long) = (stream, stream)
    #expect((0..<12).map { _ in short.integer(below: 6) } == [4, 0, 0, 3, 4, 5, 2, 5, 3, 2, 0, 3])
    // Here some words are drawn again.
    let values = [
      4_845_749_937_069_523_502, 190_358_311_975_028_399, 240_166_314_292_483_076,
      6_528_939_111_635_710_243,
    ]
    #expect((0..<4).map { _ in long.integer(below: 3 << 61) } == values)
  }

  @Test func normals() {
    var stream = stream
    let values = [
      -0.3651937210562259, 0.0999628632730407, -0.10053359776125761, 0.9424023300316278,
    ]
    for value in values { #expect(abs(stream.normal() - value) < 4 * value.ulp) }
  }

  @Test func choices() {
    var stream = stream
    #expect(stream.choice(4, of: 9) == [6, 1, 2, 0])
    #expect(stream.choice(5, of: 5) == [3, 4, 0, 1, 2])
  }

  @Test func sequencesAndLabels() throws {
    var design = DatasetDesign(
      sequences: 4, length: 4, vocabulary: 6, dimension: 2, embedding: .unitRandom)
    let data = try design.draw(seed: 12)
    #expect(data.sequences == [[4, 5, 3, 0], [4, 5, 3, 2], [1, 5, 4, 2], [4, 2, 3, 0]])
    #expect(data.labels == [5, 5, 1, 2])
    (design.sequences, design.length, design.vocabulary) = (1, 5, 3)
    #expect(try design.draw(seed: 12).sequences == [[1, 2, 2, 0, 2]])
  }
}
