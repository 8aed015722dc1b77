import Canonical
import ManifestToys
import Manifests
import Testing

/// Seeds are written in many ways and have one spelling.
struct SeedsTests {
  @Test(arguments: [
    ("1..100", "1..100"), ("7", "7"), ("[7]", "7"), ("[3, 1, 2]", "1..3"),
    ("[42, 1..10]", "[1..10, 42]"), ("[1..3, 4..6]", "1..6"), ("[1e2, 0]", "[0, 100]"),
    ("[9223372036854775807]", "9223372036854775807"), ("1..1000000", "1..1000000"),
    (
      "[9223372036854775806..9223372036854775807, 0]",
      "[0, 9223372036854775806..9223372036854775807]"
    ),
    ("5..5", "5"), ("'1..3'", "1..3"), ("0001..2", "1..2"),
  ])
  func haveOneSpelling(_ written: String, _ expected: String) throws {
    let seeds = try Toy.read(Toy.minimal("seeds: \(written)\n")).seeds
    #expect(seeds.description == expected)
    let again = try Toy.read(Toy.minimal("seeds: \(seeds.value.label)\n")).seeds
    #expect(again == seeds)
  }

  @Test func areCountedAndListed() {
    let seeds = Seeds([5...6, 1...2])
    #expect(Array(seeds) == [1, 2, 5, 6])
    #expect(seeds.count == 4)
    #expect(seeds.contains(5) && !seeds.contains(3))
  }

  @Test func manySingleSeedsAreReadAtOnce() throws {
    let list = (0..<90_000).map { "\(2 * $0)" }.joined(separator: ",")
    #expect(try Toy.read(Toy.minimal("seeds: [\(list)]")).seeds.count == 90_000)
  }
}
