import Canonical
import Manifests
import Storage

/// All that a stage's function sees: what its key is made of.
package struct StageContext: Sendable {
  package let parameters: Parameters
  /// How many threads the stage may use; its outputs do not depend on it.
  package let threads: Int
  private let kind: StageKind
  private let runSeed: Int?
  /// The outputs of each input stage, in the order of the kind's inputs.
  private let inputs: [[Blob]]
  private let inputKinds: [StageKind]
  private let store: Store
  private let files: [Digest: String]

  /// - Parameter inputKinds: The kind of each input stage.
  package init(
    kind: StageKind, parameters: Parameters, seed: Int?, inputs: [[Blob]], inputKinds: [StageKind],
    store: Store, files: [Digest: String], threads: Int
  ) {
    self.kind = kind
    self.parameters = parameters
    self.threads = threads
    runSeed = seed
    self.inputs = inputs
    self.inputKinds = inputKinds
    self.store = store
    self.files = files
  }

  /// The run's seed.
  /// - Precondition: The kind declares that it reads it.
  package var seed: Int {
    guard let runSeed else { preconditionFailure("\(kind.name) does not declare the seed") }
    return runSeed
  }

  /// The bytes of one output of the input stage of `kind`.
  package func input(_ kind: String, _ output: String) throws -> [UInt8] {
    guard let place = inputKinds.firstIndex(where: { $0.name == kind }) else {
      preconditionFailure("\(self.kind.name) does not declare the input \(kind)")
    }
    return try read(place, output)
  }

  /// The bytes of one output of the input stage of `kind` at `number` among those of its kind.
  package func input(_ kind: String, _ output: String, at number: Int) throws -> [UInt8] {
    let places = inputKinds.indices.lazy.filter { inputKinds[$0].name == kind }
    guard let place = places.dropFirst(number).first else {
      preconditionFailure("\(self.kind.name) has no input \(number) of \(kind)")
    }
    return try read(place, output)
  }

  /// The bytes of the output `output` of the input stage at `number` of each kind that puts it out.
  package func inputs(putting output: String, at number: Int) throws -> [[UInt8]] {
    var counts: [String: Int] = [:]
    return try inputKinds.indices.compactMap { place in
      guard inputKinds[place].outputs.contains(output) else { return nil }
      let name = inputKinds[place].name
      counts[name, default: -1] += 1
      return counts[name] == number ? try read(place, output) : nil
    }
  }

  /// The number of input stages of `kind`.
  package func count(of kind: String) -> Int { inputKinds.count { $0.name == kind } }

  /// The bytes of one output of every input stage of `kind`, one after the other.
  package func forEachInput(
    _ kind: String, _ output: String, _ body: (Int, [UInt8]) throws -> Void
  ) throws {
    var number = 0
    for place in inputKinds.indices where inputKinds[place].name == kind {
      try body(number, try read(place, output))
      number += 1
    }
  }

  /// The bytes of the output `output` of every input stage, by kinds in the order of the catalog.
  package func forEachInput(
    putting output: String, _ body: (_ kind: String, [UInt8]) throws -> Void
  ) throws {
    for place in inputKinds.indices {
      try body(inputKinds[place].name, try read(place, output))
    }
  }

  /// The bytes of the file that a parameter names by its digest.
  package func file(_ digest: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachPiece(of: digest) { bytes += $0 }
    return bytes
  }

  /// Calls `body` with the bytes of the file that a parameter names by its digest, piece by piece:
  /// for files that need not fit into memory.
  /// - Throws: also at the end, where the file is not the one that was planned with.
  package func forEachPiece(of digest: String, _ body: ([UInt8]) throws -> Void) throws {
    guard let digest = Digest(hex: digest), let path = files[digest] else {
      preconditionFailure("no parameter of \(kind.name) names this file")
    }
    var pieces = try Content(ofFile: path).pieces
    let digester = Digester()
    while let piece = try pieces.next() {
      digester.add(piece)
      try body(Array(piece))
    }
    guard digester.digest == digest else {
      throw FormatError("\(path) changed while the experiment ran: run again")
    }
  }

  /// A temporary file, for what a stage cannot keep in memory while it runs.
  package func scratch() throws -> StageScratch { StageScratch(scratch: try store.scratch()) }

  private func read(_ place: Int, _ output: String) throws -> [UInt8] {
    guard let number = inputKinds[place].outputs.firstIndex(of: output) else {
      preconditionFailure("\(inputKinds[place].name) has no output \(output)")
    }
    return try store.read(inputs[place][number])
  }
}
