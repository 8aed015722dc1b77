import Canonical
import Manifests
import Storage

/// One stage to execute, with all that its execution needs: nothing is planned any more.
struct Job: Sendable {
  let stage: Int
  let kind: StageKind
  let key: Digest
  let preimage: [UInt8]
  let parameters: ParameterSet
  let seed: Int?
  let inputs: [Record]
  let inputKinds: [StageKind]
  /// The lists of contents that its key names by their digests.
  let lists: [[UInt8]]
  /// How many threads it may use.
  var threads = 1

  func context(_ store: Store, _ files: [Digest: String]) -> StageContext {
    StageContext(
      kind: kind, parameters: parameters.parameters, seed: seed,
      inputs: inputs.map(\.outputs), inputKinds: inputKinds, store: store, files: files,
      threads: threads)
  }

  func record(_ outputs: [[UInt8]], producer: String, seconds: Double) -> Record {
    Record(
      key: key, preimage: preimage,
      details: Blob(digest: parameters.digest, size: parameters.bytes.count),
      outputs: outputs.map(Blob.init(of:)), producer: producer, time: SystemClock.now,
      seconds: seconds)
  }
}
