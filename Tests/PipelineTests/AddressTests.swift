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

  @Test func everyAddressNamesItsStageAndNoOther() throws {
    for stage in plan.stages.indices {
      #expect(try plan.stages(named: plan.address(of: stage)) == [stage])
    }
  }

  @Test func anAddressSaysWhatSetsAStageApart() {
    #expect(plan.address(of: 0) == "one/draw[data.size=2,train.step=0.1,seed=1]")
    let fit = plan.stage("one/fit[data.size=4,train.step=0.25,seed=12]")
    #expect(plan.address(of: fit) == "one/fit[data.size=4,train.step=0.25,seed=12]")
    #expect(plan.address(of: plan.stage("one/plot[right]")) == "one/plot[right]")
    #expect(plan.address(of: plan.stage("one-more/summary")) == "one-more/summary")
  }

  @Test func aStageOfSeveralExperimentsHasSeveralAddresses() throws {
    let draw = plan.stage("one/draw[data.size=2,train.step=0.1,seed=1]")
    #expect(try plan.stages(named: "one-more/draw[seed=1]") == [draw])
  }

  @Test func aKindNamesItsStages() throws {
    #expect(try plan.stages(named: "plot").count == 2)
    #expect(try plan.stages(named: "summary").count == 2)
    #expect(try plan.stages(named: "draw").count == 25)
  }

  @Test func aPartOfAnAddressNamesAllThatItFits() throws {
    #expect(try plan.stages(named: "one/fit[data.size=4]").count == 24)
    #expect(try plan.stages(named: "one/fit[seed=7]").count == 4)
    #expect(try plan.stages(named: "fit[seed=1]").count == 5)
    #expect(try plan.stages(named: "one/fit[seed<3,size=4]").count == 4)
    #expect(try plan.stages(named: "one/fit").count == 48)
    #expect(try plan.stages(named: "one-more").count == 2 * 4 + 1)
    #expect(try plan.stages(named: "one-more[seed=20]").count == 4)
  }

  @Test func theOrderAndSpellingOfConditionsDoNotMatter() throws {
    let fit = plan.stage("one/fit[data.size=4,train.step=0.25,seed=12]")
    for text in ["seed=12,step=2.5e-1,size=4.0", "train.step=.25, seed=12 ,data.size=0x4"] {
      #expect(try plan.stages(named: "one/fit[\(text)]") == [fit])
    }
  }

  @Test func aStageHasAPlaceForEachCellThatSharesIt() throws {
    let places = try plan.places(named: "one/draw[seed=3,size=2]")
    #expect(Set(places.map(\.stage)).count == 1)
    #expect(
      places.map { plan.address(of: $0.kind, at: $0.place) }
        == [0.1, 0.25].map { "one/draw[data.size=2,train.step=\($0),seed=3]" })
  }

  @Test(arguments: [
    "", "on", "one/", "one/fi", "one/summary[seed=1]", "one/plot[lef]",
  ])
  func aPartOfANameIsNone(_ text: String) throws {
    #expect(try plan.stages(named: text).isEmpty)
  }

  @Test(arguments: [
    ("one/fit[seed=99]", "no run of one has seed=99: its seeds are 1..12"),
    ("one-more/fit[seed=99]", "no run of one-more has seed=99: its seeds are [1, 20]"),
    ("one/fit[data.size=3,seed=1]", "no run of one has data.size=3: data.size is 2, 4"),
    ("one/fit[", "no other half"), ("one/fit[seed=1", "no other half"),
    ("one/fit[data.sise=4]", "did you mean 'data.size'?"),
    ("fit[sise=4]", "did you mean 'data.size'?"), ("one/fit[7]", "is no condition"),
    ("one/fit[data.size=[4]", "without its other half"),
  ])
  func whatIsNoAddressSaysWhy(_ text: String, _ reason: String) {
    let error = #expect(throws: FormatError.self) { try plan.stages(named: text) }
    #expect(error?.description.contains(reason) ?? false, "\(String(describing: error))")
  }

  @Test func theNearestAddressHasMostOfWhatWasAskedFor() {
    #expect(
      plan.address(near: "one/fti[data.size=4,seed=99]")
        == "one/fit[data.size=4,train.step=0.1,seed=1]")
  }
}
