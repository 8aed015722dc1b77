import Canonical
import Testing

@testable import Pipeline

/// The places that stages run in.
struct PlacesTests {
  /// Every number of places, of jobs, and of those among them that can use more than one thread.
  @Test func noPlaceIsEmptyWhereAStageCanUseIt() {
    for count in 1...9 {
      for jobs in 1...count {
        for wide in 0...jobs { check(count, jobs, wide) }
      }
    }
  }

  private func check(_ count: Int, _ number: Int, _ wide: Int) {
    var places = Places(count: count)
    var jobs = (0..<number).map { job($0, $0 < wide ? "fit" : "draw") }
    places.assign(to: &jobs)
    let used = jobs.reduce(0) { $0 + $1.threads }
    #expect(used == (wide > 0 ? count : number))
    #expect(places.free == count - used)
    let shares = jobs.prefix(wide).map(\.threads)
    #expect((shares.max() ?? 1) - (shares.min() ?? 1) <= 1, "equal shares")
    #expect(jobs.dropFirst(wide).allSatisfy { $0.threads == 1 })
    for job in jobs { places.leave(job.stage) }
    #expect(places.free == count)
  }

  private func job(_ stage: Int, _ kind: String) -> Job {
    Job(
      stage: stage, kind: PlacesTests.catalog.kinds.first { $0.name == kind }!, key: Digest(of: ""),
      preimage: [], parameters: ParameterSet([]), seed: nil, inputs: [], inputKinds: [], lists: [])
  }

  private static let catalog = Toy().catalog()
}
