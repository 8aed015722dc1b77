/// Where something is written: a file with a line and a column, or a `--set` of the command line.
package struct Place: Hashable, Sendable {
  /// The file as it was named to the reader, or the whole `--set path=value`.
  package let file: String
  /// The line, from 1; 0 for what has no lines: a whole file, an override.
  package let line: Int
  /// The column in code points, from 1; 0 where there is no line.
  package let column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// The file as a whole, or an override.
  package init(file: String) { self.init(file: file, line: 0, column: 0) }
}

extension Place: CustomStringConvertible {
  package var description: String { line == 0 ? file : "\(file):\(line):\(column)" }
}

extension Place: Comparable {
  /// The order of a report: by file, whole files first, then line and column.
  package static func < (left: Place, right: Place) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}
