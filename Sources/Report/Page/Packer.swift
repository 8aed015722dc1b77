import Canonical
import Glibc
import Storage

/// What Python does for the report: it packs what is large, and hands out the libraries that draw
/// figures in a browser, which the drawing tool bundles.
package struct Packer: Sendable {
  private let python: String
  private let hasVega: Bool

  /// - Parameter drawing: the drawing tool; without it, any Python packs.
  /// - Returns: nil where there is no Python.
  package init?(_ drawing: Drawing?) {
    python = drawing?.python ?? "python3"
    hasVega = drawing != nil
    let quietly = "exec \"$0\" -c 'import gzip' 2>/dev/null"
    guard (try? Subprocess.run(["sh", "-c", quietly, python], input: [])) == 0 else { return nil }
  }

  /// Texts, by their names, compressed by gzip and in base64.
  func packed(_ texts: [String: String]) throws -> [String: String] {
    let bytes = try output(["texts": .map(texts.mapValues(Value.string))]) ?? []
    return Value(json: bytes)?.map?.compactMapValues(\.string) ?? [:]
  }

  /// The libraries that draw figures, as JavaScript; nil without the tool.
  ///
  /// Putting them together takes seconds, so they are kept in the environment of the tool.
  package func vega() throws -> String? {
    guard hasVega else { return nil }
    let suffix = "/bin/python"
    let kept =
      python.hasSuffix(suffix) ? "\(python.dropLast(suffix.count))/mechanics-vega.js" : nil
    if let kept, let bytes = try File.contents(of: kept) {
      return String(decoding: bytes, as: UTF8.self)
    }
    guard let bytes = try output(["vega": true]) else { return nil }
    if let kept { _ = try? File.replace(kept, with: bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func output(_ task: [String: Value]) throws -> [UInt8]? {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/mechanics-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw StoreError.system("cannot create a file in", base, errno) }
    close(descriptor)
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { unlink(path) }
    let line = Value.map(task.merging(["into": .string(path)]) { $1 }).json()
    let status = try Subprocess.run([python, "-c", Packer.program], input: Array(line.utf8))
    guard status == 0 else { throw FormatError("\(python) ended with \(status)") }
    return try File.contents(of: path)
  }

  private static let program = """
    import base64, gzip, json, sys
    task = json.load(sys.stdin)
    if "vega" in task:
        import vl_convert
        data = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode()
    else:
        packed = {
            name: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
            for name, text in task["texts"].items()
        }
        data = json.dumps(packed).encode()
    with open(task["into"], "wb") as file:
        file.write(data)
    """
}
