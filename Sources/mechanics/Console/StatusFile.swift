import Canonical
import Glibc
import Pipeline
import Report
import Storage

/// How far a run is, as a small file in the cache that another process reads: `runs/PID.json`.
///
/// It names the process by its number, its start and its host, so a file that a killed process left
/// is known as such.
final class StatusFile: Sendable {
  private static let folderName = "runs"

  private let path: String
  private let head: [String: Value]

  /// This process's in a cache.
  init(in cache: String) {
    path = "\(cache)/\(StatusFile.folderName)/\(getpid()).json"
    let note = RunNote()
    head = [
      "pid": .integer(Int(getpid())), "start": .string(StatusFile.start(of: getpid()) ?? ""),
      "host": .string(Machine.host), "folder": .string(note.folder),
      "words": .list(note.words.map(Value.string)), "began": .integer(SystemClock.now),
    ]
  }

  /// Writes how far the run is; where the cache cannot be written, nothing.
  func write(_ entries: [String: Value]) {
    let value = Value.map(head.merging(entries) { $1 })
    _ = try? File.makeFolder(String(path[..<path.lastIndex(of: "/")!]))
    _ = try? File.replace(path, with: value.jsonBytes())
  }

  func remove() { unlink(path) }

  /// What the files in a cache say, and whether each process is alive; nil where that cannot be told,
  /// as it is another host's. Files of processes of this host that are gone are removed.
  static func all(in cache: String) throws -> [(value: Value, isAlive: Bool?)] {
    let folder = "\(cache)/\(folderName)"
    return try File.names(in: folder).filter { $0.hasSuffix(".json") }.compactMap { name in
      guard let value = try File.contents(of: "\(folder)/\(name)").flatMap({ Value(json: $0) }),
        let process = value["pid"]?.integer
      else { return nil }
      guard value["host"]?.string == Machine.host else { return (value, nil) }
      let isAlive = start(of: pid_t(process)) == value["start"]?.string
      if !isAlive { unlink("\(folder)/\(name)") }
      return (value, isAlive)
    }
  }

  /// When a process started, in ticks since the machine did; nil where there is none.
  private static func start(of process: pid_t) -> String? {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 2048)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    // The program's name, in parentheses, may hold spaces; proc(5) counts from 1, and 22 is wanted.
    let words = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    // A process that has ended may still be listed, as a zombie.
    guard words.count > 20, words[1] != "Z" else { return nil }
    return String(words[20])
  }
}
