import TestSupport
import Testing

@testable import Canonical

@Suite struct TableTests {
  private static let cells = ["", "a", "a,b", "\"", "\"\"", "x\ny", "\r\n", " ", "é𝛑", ",", "\n"]

  private static func random(_ source: inout SplitMix) -> Table {
    let width = Int.random(in: 1...4, using: &source)
    var table = Table(columns: (0..<width).map { _ in cells.randomElement(using: &source)! })
    for _ in 0..<Int.random(in: 0...5, using: &source) {
      table.append((0..<width).map { _ in cells.randomElement(using: &source)! })
    }
    return table
  }

  @Test func everyCellReadsBack() {
    var source = SplitMix(state: 13)
    for _ in 0..<2000 {
      let table = TableTests.random(&source)
      #expect(Table(csv: table.csv) == table)
    }
  }

  @Test(.enabled(if: Python.isHere, "needs python3"))
  func pythonReadsTheSameCells() throws {
    var source = SplitMix(state: 14)
    for _ in 0..<5 {
      let table = TableTests.random(&source)
      let read = try Python.run(
        """
        import csv, json, sys
        rows = list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8')))
        sys.stdout.buffer.write(json.dumps(rows).encode())
        """, Array(table.csv.utf8))
      let rows = Value.list(([table.columns] + table.rows).map { .list($0.map(Value.string)) })
      #expect(Value(json: try #require(read).utf8) == rows)
    }
  }

  @Test func onlyWhatMustBeQuotedIs() {
    var table = Table(columns: ["plain", "with,comma"])
    table.append(["1.5", "say \"no\""])
    table.append(["", "two\nlines"])
    #expect(table.csv == "plain,\"with,comma\"\n1.5,\"say \"\"no\"\"\"\n,\"two\nlines\"\n")
  }

  @Test func aMissingNumberIsAnEmptyCell() {
    #expect(Table.cell(nil as Double?) == "")
    #expect(Table.cell(Double.nan) == "" && Table.cell(-Double.infinity) == "")
    #expect(Table.cell(-0.0) == "0" && Table.cell(2.5) == "2.5")
  }

  @Test(arguments: ["", "a,b\n1\n", "a\n1,2\n", "a\n\"open\n"])
  func whatIsNoTableIsRefused(text: String) { #expect(Table(csv: text) == nil) }
}
