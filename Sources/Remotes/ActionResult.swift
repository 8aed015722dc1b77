import Canonical
import Storage

/// `build.bazel.remote.execution.v2.ActionResult`, as far as it is used: what `/ac/<key>` holds.
///
/// <https://github.com/bazelbuild/remote-apis/blob/main/build/bazel/remote/execution/v2/remote_execution.proto>.
/// Servers that validate parse it and want every blob there that it names.
struct ActionResult: Hashable {
  struct File: Hashable {
    let path: String
    let blob: Blob
  }

  /// What the action made.
  var files: [File] = []
  /// What it printed: here what the entry itself says.
  var output: [UInt8] = []
  /// The name of the machine that did it.
  var worker = ""

  private enum Field {
    static let outputFiles: UInt64 = 2
    static let stdoutRaw: UInt64 = 5
    static let executionMetadata: UInt64 = 9
  }

  init(files: [File] = [], output: [UInt8] = [], worker: String = "") {
    (self.files, self.output, self.worker) = (files, output, worker)
  }

  var bytes: [UInt8] {
    var message = ProtobufWriter()
    for file in files {
      var digest = ProtobufWriter()
      digest.run(1, Array(file.blob.digest.hex.utf8))
      digest.integer(2, file.blob.size)
      var output = ProtobufWriter()
      output.run(1, Array(file.path.utf8))
      output.run(2, digest.bytes)
      message.run(Field.outputFiles, output.bytes)
    }
    message.run(Field.stdoutRaw, output)
    var metadata = ProtobufWriter()
    metadata.run(1, Array(worker.utf8))
    message.run(Field.executionMetadata, metadata.bytes)
    return message.bytes
  }

  /// Reads one back; nil for bytes that are none. Fields that are not used are passed over.
  init?(_ bytes: [UInt8]) {
    var message = ProtobufReader(bytes[...])
    while let field = message.next() {
      guard case .run(let number, let value) = field else { continue }
      switch number {
      case Field.outputFiles:
        guard let file = File(value) else { return nil }
        files.append(file)
      case Field.stdoutRaw: output = Array(value)
      case Field.executionMetadata:
        var metadata = ProtobufReader(value)
        while let field = metadata.next() {
          if case .run(1, let name) = field { worker = String(decoding: name, as: UTF8.self) }
        }
      default: break
      }
    }
    if message.isBroken { return nil }
  }
}

extension ActionResult.File {
  /// Reads an `OutputFile`: path (1) and digest (2), which is hash (1) and size (2).
  fileprivate init?(_ bytes: ArraySlice<UInt8>) {
    var (path, digest, size) = ("", Digest?.none, 0)
    var message = ProtobufReader(bytes)
    while let field = message.next() {
      switch field {
      case .run(1, let text): path = String(decoding: text, as: UTF8.self)
      case .run(2, let value):
        var parts = ProtobufReader(value)
        while let part = parts.next() {
          switch part {
          case .run(1, let hex): digest = Digest(hex: String(decoding: hex, as: UTF8.self))
          case .integer(2, let count): size = Int(exactly: count) ?? -1
          default: break
          }
        }
      default: break
      }
    }
    guard let digest, size >= 0, !message.isBroken else { return nil }
    self.init(path: path, blob: Blob(digest: digest, size: size))
  }
}
