import Canonical
import Glibc
import Storage

/// The execution of one stage in a process of its own, as ``Limits`` ask for it.
///
/// The other process gets the stage's parameters and the names of its inputs' blobs, reads these
/// from the store, and sends the outputs back. Claims, records and the store's log are not its
/// affair, so a stage with limits differs in nothing else.
package struct IsolatedJob {
  private let context: StageContext
  private let kind: StageKind

  fileprivate static let tag = "mechanics.job.1"

  /// Reads what `Job.message(_:)` wrote.
  package init(_ bytes: [UInt8], _ catalog: Catalog, _ store: Store) throws(FormatError) {
    var decoding = Decoding(bytes[...])
    guard decoding.string() == IsolatedJob.tag, let value = decoding.value(), decoding.isAtEnd,
      let kind = catalog.kind(value["kind"]),
      let parameters = value["parameters"].flatMap(ParameterSet.init(value:)),
      let inputs = value["inputs"]?.list, let files = value["files"]?.map,
      let threads = value["threads"]?.integer
    else { throw FormatError("this is no stage of this version of mechanics") }
    self.kind = kind
    context = StageContext(
      kind: kind, parameters: parameters.parameters, seed: value["seed"]?.integer,
      inputs: inputs.map { input in
        input["outputs"]!.list!.map {
          Blob(digest: Digest(hex: $0["digest"]!.string!)!, size: $0["size"]!.integer!)
        }
      },
      inputKinds: inputs.map { catalog.kind($0["kind"])! }, store: store,
      files: Dictionary(
        uniqueKeysWithValues: files.map { (Digest(hex: $0.key)!, $0.value.string!) }),
      threads: threads)
  }

  /// Executes the stage.
  /// - Returns: what the process that asked for it reads.
  package func run() -> [UInt8] {
    var out = ByteWriter()
    do {
      let outputs = try kind.run(context)
      out.byte(Answer.outputs.rawValue)
      out.integer(outputs.count)
      for output in outputs { out.run(output) }
    } catch {
      if let blob = (error as? StoreError)?.lostBlob {
        out.byte(Answer.lost.rawValue)
        out.digest(blob)
      } else {
        out.byte(Answer.failed.rawValue)
        out.run(Array("\(error)".utf8))
      }
    }
    return out.bytes
  }

  fileprivate enum Answer: UInt8 { case outputs, lost, failed }
}

extension Job {
  /// Executes the stage in a process of its own.
  /// - Parameter program: what is started, with the store's folder and the limits as its last words.
  func run(
    isolatedBy program: [String], _ limits: Limits, _ store: Store, _ files: [Digest: String]
  ) throws -> [[UInt8]] {
    let words = program + [store.path] + Limits.names.map { String(limits[$0] ?? 0) }
    let exit = try Subprocess.exchange(words, input: message(files))
    if exit.status == 0, let outputs = try IsolatedJob.outputs(exit.output) { return outputs }
    throw FormatError(limits.reason(exit, kind.name))
  }

  private func message(_ files: [Digest: String]) -> [UInt8] {
    var encoding = Encoding()
    encoding.append(IsolatedJob.tag)
    encoding.append([
      "kind": kind.identity, "seed": seed.map(Value.integer) ?? .null,
      "threads": .integer(threads),
      "parameters": parameters.value,
      "inputs": .list(
        zip(inputs, inputKinds).map { record, kind in
          [
            "kind": kind.identity,
            "outputs": .list(
              record.outputs.map {
                ["digest": .string($0.digest.hex), "size": .integer($0.size)]
              }),
          ]
        }),
      "files": .map(
        Dictionary(uniqueKeysWithValues: files.map { ($0.key.hex, .string($0.value)) })),
    ])
    return encoding.bytes
  }
}

extension IsolatedJob {
  /// The outputs that the other process sent; nil where it did not send all of its answer.
  fileprivate static func outputs(_ bytes: [UInt8]) throws -> [[UInt8]]? {
    try bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      switch reader.byte().flatMap(Answer.init) {
      case .outputs:
        guard let count = reader.count() else { return nil }
        var outputs: [[UInt8]] = []
        for _ in 0..<count {
          guard let output = reader.run() else { return nil }
          outputs.append(output)
        }
        return outputs
      case .lost:
        guard let digest = reader.digest() else { return nil }
        throw StoreError.missing(digest)
      case .failed:
        guard let reason = reader.run() else { return nil }
        throw FormatError(String(decoding: reason, as: UTF8.self))
      case nil: return nil
      }
    }
  }
}

extension Limits {
  /// Why a process did not come to its end.
  fileprivate func reason(_ exit: Subprocess.Exchange, _ kind: String) -> String {
    if let seconds, exit.status == 128 + SIGALRM {
      return "it took longer than its limit of \(seconds) s (limits: \(kind).seconds)"
    }
    if let megabytes, exit.peak > megabytes / 2 {
      return "it needed more than its limit of \(megabytes) MB (limits: \(kind).megabytes)"
    }
    return "its process ended with \(exit.status), having had \(exit.peak) MB; "
      + "run it without limits to see why"
  }
}

extension StageKind {
  /// What tells it from all other kinds: models may have kinds of one name.
  fileprivate var identity: Value {
    [
      "name": .string(name), "version": .integer(version),
      "models": models.map { .list($0.map(Value.string)) } ?? .null,
    ]
  }
}

extension Catalog {
  fileprivate func kind(_ identity: Value?) -> StageKind? {
    kinds.first { $0.identity == identity }
  }
}
