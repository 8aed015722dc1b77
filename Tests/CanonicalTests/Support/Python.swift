import Foundation

/// The reference implementation beside the tests: Python's standard library.
enum Python {
  /// What `script` prints, given `input` as a file whose path is its first argument; nil where there
  /// is no Python.
  static func run(_ script: String, _ input: [UInt8] = []) throws -> String? {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "input")
    try Data(input).write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script, file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus == 127 { return nil }
    guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
    return String(decoding: data, as: UTF8.self)
  }

  struct Failed: Error { let status: Int32 }

  static let isHere = (try? run("print(1)")) == "1\n"
  static let hasNumPy = (try? run("import numpy; print(1)")) == "1\n"
}
