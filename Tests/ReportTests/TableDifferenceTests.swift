import Canonical
import Testing

@testable import Report

/// Which cells of two tables differ.
struct TableDifferenceTests {
  private func table(_ csv: String) -> Table { Table(csv: csv)! }

  private let before = "d,seed,norm,loss\n8,1,1.5,2\n8,2,2.5,3\n"

  @Test func equalTablesDoNotDiffer() {
    let difference = TableDifference(table(before), table(before))
    #expect(difference.changes.isEmpty)
    #expect(difference.formerRows.isEmpty && difference.newRows.isEmpty)
    #expect(difference.formerColumns.isEmpty && difference.newColumns.isEmpty)
  }

  @Test func aChangedNumberHasItsRowAndDistance() {
    let difference = TableDifference(
      table(before), table("d,seed,norm,loss\n8,1,1.5,2\n8,2,2.25,3\n"))
    #expect(
      difference.changes == [
        Verdict.NumberChange(
          column: "norm", row: "d=8,seed=2", recorded: "2.5", now: "2.25")
      ])
    #expect(difference.changes.map(\.distance) == [0.25])
    #expect(difference.changes.map(\.description) == ["2.5 -> 2.25 (by 0.25)"])
  }

  @Test func rowsAreMatchedByTheirKeysNotTheirOrder() {
    let difference = TableDifference(
      table(before), table("d,seed,norm,loss\n8,2,2.5,3\n8,1,1.5,2\n"))
    #expect(difference.changes.isEmpty)
  }

  @Test func aMissingNumberHasNoDistance() {
    let difference = TableDifference(
      table(before), table("d,seed,norm,loss\n8,1,,2\n8,2,2.5,3\n"))
    #expect(difference.changes.map(\.distance) == [nil])
    #expect(difference.changes.map(\.now) == [""])
  }

  @Test func rowsOfOneTableOnlyAreNamed() {
    let difference = TableDifference(
      table(before), table("d,seed,norm,loss\n8,1,1.5,2\n8,3,1,1\n"))
    #expect(difference.formerRows == ["d=8,seed=2"])
    #expect(difference.newRows == ["d=8,seed=3"])
  }

  @Test func columnsOfOneTableOnlyAreNamed() {
    let difference = TableDifference(
      table(before), table("d,seed,norm,mass\n8,1,1.5,0.5\n8,2,2.5,\n"))
    #expect(difference.formerColumns == ["loss"])
    #expect(difference.newColumns == ["mass"])
    #expect(difference.largest.map(\.column) == ["loss", "mass"])
  }

  @Test func tablesWithOtherKeysShareNoRow() {
    let difference = TableDifference(table(before), table("seed,norm,loss\n1,1.5,2\n"))
    #expect(difference.formerRows.count == 2 && difference.newRows == ["seed=1"])
  }

  @Test func theLargestChangeOfEachColumnIsTold() {
    let difference = TableDifference(
      table(before), table("d,seed,norm,loss\n8,1,1.6,1\n8,2,3.5,2.5\n"))
    #expect(difference.largest.map(\.column) == ["loss", "norm"])
    #expect(difference.largest.map(\.row) == ["d=8,seed=1", "d=8,seed=2"])
  }

  @Test func aNumberThatAppearedIsTheLargestChange() {
    let difference = TableDifference(
      table(before), table("d,seed,norm,loss\n8,1,,2\n8,2,3.5,3\n"))
    #expect(difference.largest.map(\.now) == [""])
  }
}
