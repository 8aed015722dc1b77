import Canonical
import Manifests
import Testing

@testable import Pipeline

@Suite struct AddressTests {
  private let plan: Plan

  init() throws {
    plan = try Planner.plan(
      [
        try Toy.manifest(
          "one", "seeds: 1..12", "sweep: {data.size: [2, 4], train.step: [0.1, 0.25]}",
          "figures: [{name: left, y: loss}, {name: right, y: loss}]"),
        try Toy.manifest("one-more", "seeds: [1, 20]", "data: {size: 2}"),
      ], Toy().catalog())
  }

  @Test func everyAddressNamesItsStageAndNoOther() {
    for stage in plan.stages.indices {
      #expect(plan.stages(named: plan.address(of: stage)) == [stage])
    }
  }

  @Test func anAddressSaysWhatSetsAStageApart() {
    #expect(plan.address(of: 0) == "one/draw[data.size=2,train.step=0.1,seed=1]")
    let fit = plan.stage("one/fit[data.size=4,train.step=0.25,seed=12]")
    #expect(plan.address(of: fit) == "one/fit[data.size=4,train.step=0.25,seed=12]")
    #expect(plan.address(of: plan.stage("one/plot[right]")) == "one/plot[right]")
    #expect(plan.address(of: plan.stage("one-more/summary")) == "one-more/summary")
  }

  @Test func aStageOfSeveralExperimentsHasSeveralAddresses() {
    let draw = plan.stage("one/draw[data.size=2,train.step=0.1,seed=1]")
    #expect(plan.stages(named: "one-more/draw[seed=1]") == [draw])
  }

  @Test func aKindNamesItsStages() {
    #expect(plan.stages(named: "plot").count == 2 && plan.stages(named: "summary").count == 2)
    #expect(plan.stages(named: "draw").count == 25)
  }

  @Test func theStartOfAnAddressNamesAll() {
    #expect(plan.stages(named: "one/fit[data.size=4").count == 24)
    #expect(plan.stages(named: "one/fit").count == 48)
    #expect(plan.stages(named: "one-more").count == 2 * 4 + 1)
  }

  @Test func aPartOfANameIsNone() {
    for text in [
      "", "on", "one/", "one/fi", "one/fit[", "one/fit[data.size=4,train.step=0.25,seed=1",
    ] {
      let named = plan.stages(named: text)
      #expect(named.isEmpty || text.hasSuffix("seed=1"))
      #expect(named.count <= 1)
    }
  }
}
