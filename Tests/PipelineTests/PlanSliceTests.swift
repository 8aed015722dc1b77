import Canonical
import Manifests
import Storage
import Testing

@testable import Pipeline

@Suite struct PlanSliceTests {
  private func plan(_ toy: Toy) throws -> Plan {
    try Planner.plan(
      [
        try Toy.manifest("toy", "seeds: 1..4", "sweep: {data.size: [2, 4], train.step: [0.1, 0.2]}")
      ],
      toy.catalog())
  }

  @Test func aSliceHasItsStagesAndAllThatTheyDependOn() throws {
    let plan = try plan(Toy())
    for stage in plan.stages.indices {
      let slice = try PlanSlice(plan.slice([stage]), plan.catalog)
      let needed = plan.needed(for: [stage])
      #expect(slice.numbers == plan.stages.indices.filter { needed[$0] })
      #expect(slice.numbers.indices.filter { slice.own[$0] }.map { slice.numbers[$0] } == [stage])
      #expect(slice.addresses == slice.numbers.map(plan.address(of:)))
      for (place, number) in slice.numbers.enumerated() {
        #expect(slice.plan.kind(of: place).name == plan.kind(of: number).name)
        #expect(slice.plan.parameters(of: place).bytes == plan.parameters(of: number).bytes)
        #expect(slice.plan.stages[place].seed == plan.stages[number].seed)
        #expect(
          slice.plan.inputs(of: place).map { slice.numbers[Int($0)] }
            == plan.inputs(of: number).map(Int.init))
      }
    }
  }

  /// Workers in turn, each with a slice, fill the store with what one run would have put there.
  @Test func slicesMakeWhatTheWholePlanMakes() async throws {
    let toy = Toy()
    let plan = try plan(toy)
    let (whole, parts) = (try Workshop(), try Workshop())
    let expected = try await whole.run(plan)
    for chunk in stride(from: 0, to: plan.stages.count, by: 5) {
      let own = Array(chunk..<min(chunk + 5, plan.stages.count))
      let slice = try PlanSlice(plan.slice(own), plan.catalog)
      let run = try await parts.run(slice.plan) { $0.own = slice.own }
      #expect(run.outcome.isComplete)
    }
    #expect(
      Set(parts.store.records().map(\.key)) == Set(whole.store.records().map(\.key)))
    let rerun = try await parts.run(plan)
    #expect(rerun.outcome.executed == 0)
    #expect(rerun.outcome.contents == expected.outcome.contents)
  }

  @Test func whatIsNotOnesOwnIsNotExecuted() async throws {
    let toy = Toy()
    let plan = try plan(toy)
    let last = plan.stages.count - 1
    let slice = try PlanSlice(plan.slice([last]), plan.catalog)
    let run = try await Workshop().run(slice.plan) { $0.own = slice.own }
    #expect(run.outcome.executed == 0 && toy.takeCounts().isEmpty)
    #expect(run.outcome.states.last == .blocked)
  }

  /// Numbers that lead nowhere are refused, and no damage at all stops the program.
  @Test func aDamagedSliceIsRefused() throws {
    let plan = try plan(Toy())
    let slice = plan.slice([plan.stages.count - 1])
    for (name, bad) in [
      ("inputs", ["x"]), ("inputs", [-1]), ("inputs", [1000]), ("inputs", [.integer(1 << 40)]),
      ("parameters", 1000), ("parameters", -1),
    ] as [(String, Value)] {
      #expect(throws: FormatError.self, "\(name) \(bad)") {
        try PlanSlice(damaged(slice, name, bad), plan.catalog)
      }
    }
    for place in slice.indices {
      for bit in 0..<8 {
        var bytes = slice
        bytes[place] ^= 1 << bit
        _ = try? PlanSlice(bytes, plan.catalog)
      }
    }
  }

  /// The slice with another value in its last stage.
  private func damaged(_ slice: [UInt8], _ name: String, _ value: Value) throws -> [UInt8] {
    var decoding = Decoding(slice[...])
    let (tag, numerics) = (decoding.string(), decoding.integer())
    let (sets, files, list) = (decoding.value(), decoding.value(), decoding.value()?.list)
    var encoding = Encoding()
    encoding.append(try #require(tag))
    encoding.append(try #require(numerics))
    encoding.append(try #require(sets))
    encoding.append(try #require(files))
    var stages = try #require(list)
    var last = try #require(stages.last?.map)
    last[name] = value
    stages[stages.count - 1] = .map(last)
    encoding.append(.list(stages))
    return encoding.bytes
  }

  @Test func anotherVersionsSliceIsRefused() throws {
    let plan = try plan(Toy())
    let slice = plan.slice([0])
    #expect(throws: FormatError.self) {
      try PlanSlice(slice, Toy().catalog(versions: ["draw": 2]))
    }
    #expect(throws: FormatError.self) { try PlanSlice(slice, Toy().catalog(numerics: 2)) }
    for length in 0..<slice.count {
      #expect(throws: FormatError.self) { try PlanSlice(Array(slice[..<length]), plan.catalog) }
    }
  }
}
