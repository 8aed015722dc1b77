import Canonical
import StorageToys
import Testing

@testable import Storage

@Suite struct SegmentLimitTests {
  private func state(_ folder: StoreFolder) -> State {
    State(folder: "\(folder.path)/segments", writable: true, segmentLimit: 1000)
  }

  private func add(_ works: Range<Int>, to state: inout State) throws {
    for number in works {
      let work = Work(number, size: 300)
      let contents = ([work.details] + work.outputs).map(Content.bytes)
      try state.add(zip([work.record.details] + work.record.outputs, contents), work.record)
    }
  }

  @Test func aFullSegmentIsLeftForANewOne() throws {
    let folder = try StoreFolder()
    _ = try folder.store
    var state = state(folder)
    try add(0..<20, to: &state)
    #expect(try folder.segmentCount == 5)
    for segment in 1...5 { #expect(try folder.bytes("pack", segment: segment).count < 1400) }
  }

  @Test func whatAFullSegmentHoldsIsStillFound() throws {
    let folder = try StoreFolder()
    _ = try folder.store
    var state = state(folder)
    try add(0..<20, to: &state)
    for number in 0..<20 {
      let record = try #require(state.record(for: Work(number).key))
      #expect(record.outputs.allSatisfy { state.location(of: $0) != nil })
    }
    try state.refresh()
    let store = try folder.store
    for number in 0..<20 { #expect(try store.holds(Work(number, size: 300))) }
  }
}
