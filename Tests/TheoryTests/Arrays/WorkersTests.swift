import Synchronization
import Testing

@testable import Theory

@Suite struct WorkersTests {
  /// How often each chunk of a loop was called; a chunk counts in a place of its own.
  private func calls(_ workers: Workers, chunks: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: chunks)
    counts.withUnsafeMutableBufferPointer { counts in
      let counts = counts.baseAddress
      workers(chunks: chunks) { counts![$0] += 1 }
    }
    return counts
  }

  @Test(arguments: 1...5) func everyChunkIsCalledOnce(count: Int) {
    let workers = Workers(count: count)
    for chunks in [0, 1, 2, 3, 7, 100, 10_000] {
      #expect(calls(workers, chunks: chunks) == .init(repeating: 1, count: chunks))
    }
  }

  /// Many short loops, one right after the other: a helper that comes late to one must not enter
  /// the next as if it were that.
  @Test func loopsFollowEachOther() {
    let workers = Workers(count: 3)
    var sums = [Int](repeating: 0, count: 8)
    sums.withUnsafeMutableBufferPointer { sums in
      let sums = sums.baseAddress!
      for round in 1...20_000 { workers(chunks: 8) { sums[$0] += round * ($0 + 1) } }
    }
    #expect(sums == (1...8).map { $0 * 20_000 * 20_001 / 2 })
  }

  @Test func rangesCoverAllNumbersOnce() {
    let workers = Workers(count: 2)
    for (count, grain) in [(0, 4), (1, 4), (4, 4), (5, 4), (1000, 7)] {
      var seen = [Int](repeating: 0, count: count)
      seen.withUnsafeMutableBufferPointer { seen in
        let seen = seen.baseAddress
        workers(over: count, grain: grain) { range in
          for index in range { seen![index] += 1 }
        }
      }
      #expect(seen == .init(repeating: 1, count: count))
    }
  }

  @Test func aLoopInsideOfALoopRuns() {
    let workers = Workers(count: 2)
    var counts = [Int](repeating: 0, count: 60)
    counts.withUnsafeMutableBufferPointer { counts in
      let counts = counts.baseAddress!
      workers(chunks: 6) { outer in workers(chunks: 10) { counts[10 * outer + $0] += 1 } }
    }
    #expect(counts == .init(repeating: 1, count: 60))
  }

  @Test func workersAreSharedByTasks() async {
    let workers = Workers(count: 2)
    let totals = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<500).reduce(0) { total, _ in total + self.calls(workers, chunks: 9).reduce(0, +) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(totals == [4500, 4500, 4500, 4500])
  }

  /// With two threads, two chunks that wait for each other both end.
  @Test func chunksRunAtTheSameTime() {
    let workers = Workers(count: 2)
    let arrivals = Atomic(0)
    workers(chunks: 2) { _ in
      arrivals.add(1, ordering: .sequentiallyConsistent)
      while arrivals.load(ordering: .sequentiallyConsistent) < 2 {}
    }
    #expect(arrivals.load(ordering: .sequentiallyConsistent) == 2)
  }
}
