/// A table as CSV with one spelling: UTF-8, LF, a header, RFC 4180 quoting.
package struct Table: Hashable, Sendable {
  package let columns: [String]
  package private(set) var rows: [[String]] = []

  package init(columns: [String]) { self.columns = columns }

  package mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row of \(columns.count) cells")
    rows.append(row)
  }

  /// The cell of a number: empty where it is missing (nil, NaN, an infinity).
  package static func cell(_ number: Double?) -> String { number.flatMap(Decimal.text) ?? "" }

  /// The cell of a datum: a scalar as it is, anything else as compact JSON.
  package static func cell(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .null: ""
    default: value.json()
    }
  }

  /// The cell of a map: `name=value` of each entry, in the order of the names.
  package static func cell(_ entries: [String: Value]) -> String {
    entries.sorted { $0.key < $1.key }.map { "\($0.key)=\(cell($0.value))" }.joined(separator: ",")
  }

  /// The CSV text; a row whose only cell is empty is `""`, as most readers skip empty lines.
  package var csv: String {
    var text = ""
    for row in [columns] + rows {
      for (index, cell) in row.enumerated() {
        if index > 0 { text += "," }
        text += row.count == 1 && cell.isEmpty ? "\"\"" : Table.quoted(cell)
      }
      text += "\n"
    }
    return text
  }

  private static func quoted(_ cell: String) -> String {
    let special: (UInt8) -> Bool = { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }
    guard cell.utf8.contains(where: special) else { return cell }
    var text = "\""
    for character in cell.unicodeScalars {
      if character == "\"" { text += "\"" }
      text.unicodeScalars.append(character)
    }
    return text + "\""
  }
}

extension Table {
  /// Reads CSV text; nil where it has no header, a row of another length, or an open quote.
  package init?(csv: String) {
    guard var records = Table.records(of: Array(csv.utf8)), !records.isEmpty else { return nil }
    columns = records.removeFirst()
    guard records.allSatisfy({ [columns] in $0.count == columns.count }) else { return nil }
    rows = records
  }

  /// The place of the column `name`.
  package func index(of name: String) -> Int? { columns.firstIndex(of: name) }

  private static func records(of bytes: [UInt8]) -> [[String]]? {
    var records: [[String]] = []
    var record: [String] = []
    var cell: [UInt8] = []
    var quoted = false
    var place = 0
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch (byte, quoted) {
      case (0x22, true) where place < bytes.count && bytes[place] == 0x22:
        cell.append(0x22)
        place += 1
      case (0x22, _): quoted.toggle()
      case (0x2c, false):
        record.append(text(cell))
        cell = []
      case (0x0a, false):
        records.append(record + [text(cell)])
        (record, cell) = ([], [])
      default: cell.append(byte)
      }
    }
    guard !quoted else { return nil }
    if !record.isEmpty || !cell.isEmpty { records.append(record + [text(cell)]) }
    return records
  }
}
