import Canonical
import Glibc
import Storage

/// What a task says of its stages, a JSON line each, in a file of its own that only grows.
///
/// It is the first word on what became of a stage; the scheduler's is the second.
package enum Ledger {
  package enum Line: Hashable, Sendable {
    /// The stage's outputs are in the store; its execution took so many seconds.
    case executed(Int, seconds: Double)
    /// The stage's outputs were in the store.
    case found(Int)
    case failed(Int, reason: String)
    /// The task has come to its end.
    case end
  }

  package static func path(_ folder: String, layer: Int, task: Int) -> String {
    "\(folder)/\(layer)-\(task).ledger"
  }

  /// Writes one task's ledger.
  package final class Writer: Sendable {
    private let file: File

    package init(_ path: String) throws(StoreError) {
      file = try File(path, O_WRONLY | O_CREAT | O_APPEND)
    }

    package func write(_ line: Line) throws(StoreError) {
      // In append mode the offset does not matter, and one write is one line.
      try file.write(Array((line.value.json() + "\n").utf8), at: 0)
    }
  }

  /// Reads what one task's ledger has gained.
  struct Reader {
    let path: String
    private var read = 0
    private(set) var hasEnded = false

    init(_ path: String) { self.path = path }

    /// The new lines; a torn one is left for the next time.
    mutating func news() throws(StoreError) -> [Line] {
      guard access(path, F_OK) == 0 else { return [] }
      let file = try File(path, O_RDONLY)
      let gained = try file.read(at: read, count: max(0, file.size() - read))
      guard let last = gained.lastIndex(of: 0x0a) else { return [] }
      read += last + 1
      let lines = gained[...last].split(separator: 0x0a).compactMap {
        Value(json: Array($0)).flatMap(Line.init)
      }
      if lines.contains(.end) { hasEnded = true }
      return lines
    }
  }
}

extension Ledger.Line {
  fileprivate var value: Value {
    switch self {
    case .executed(let stage, let seconds):
      ["stage": .integer(stage), "executed": .number(seconds)]
    case .found(let stage): ["stage": .integer(stage), "found": true]
    case .failed(let stage, let reason): ["stage": .integer(stage), "failed": .string(reason)]
    case .end: ["end": true]
    }
  }

  fileprivate init?(_ value: Value) {
    if value["end"]?.bool == true {
      self = .end
      return
    }
    guard let stage = value["stage"]?.integer else { return nil }
    if let seconds = value["executed"]?.double {
      self = .executed(stage, seconds: seconds)
    } else if let reason = value["failed"]?.string {
      self = .failed(stage, reason: reason)
    } else if value["found"]?.bool == true {
      self = .found(stage)
    } else {
      return nil
    }
  }
}
