import ArgumentParser
import Canonical
import Manifests
import Pipeline
import Remotes
import Report
import Storage

/// `mechanics export`
struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write what stages put out into a folder.",
    discussion: """
        mechanics export 'cyclic/gd[seed=7]' manifests/cyclic.yaml --to trajectory
        mechanics export 'cyclic/svm' manifests/cyclic.yaml --format npy

      A stage's outputs go to FOLDER/experiment/kind/cell-and-seed/; those of a stage that several \
      cells share to the folder of each that is named. Arrays are .safetensors, as NumPy and PyTorch \
      read them, or a .npy file each. docs/data.md shows how to load them.

        mechanics export --crate cyclic manifests/cyclic.yaml --to crate

      writes the results of an experiment as an RO-Crate (Provenance Run Crate 0.5).
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case safetensors, npy }

  @Argument(
    help: "An address such as cyclic/gd[seed=7], a part of one, a kind; or an experiment.")
  var stage: String

  @OptionGroup var manifests: ManifestOptions

  @Option(name: .customLong("to"), help: "The folder to write into.", completion: .directory)
  var folder = "export"

  @Option(help: "How to write arrays.")
  var format: Format = .safetensors

  @OptionGroup var shared: SharedCacheOptions

  @Flag(help: "Write the results of an experiment as an RO-Crate.")
  var crate = false

  @Option(help: "The folder of the results, for a crate.", completion: .directory)
  var results: String?

  func run() async throws {
    var flags = shared.flags
    flags[.results] = results
    let session = try Session(manifests.narrowed(to: stage), Settings(flags))
    if crate { return try writeCrate(session) }
    let forecast = Forecast(session.plan, session.store)
    let stages = try session.stages(named: stage)
    var (missing, distant): ([String], [String]) = ([], [])
    for named in stages {
      let address = session.plan.address(of: named.kind, at: named.place)
      guard case .cached = forecast.fates[named.stage], let key = forecast.keys[named.stage],
        let record = session.store.record(for: Digest(of: key.preimage))
      else {
        missing.append(address)
        continue
      }
      guard try await session.caches.bring(record.outputs).isEmpty else {
        distant.append(address)
        continue
      }
      let path = "\(folder)/\(Export.path(address))"
      try File.makeFolder(path)
      for (name, blob) in zip(session.plan.kind(of: named.stage).outputs, record.outputs) {
        try write(try session.store.read(blob), name, into: path)
      }
    }
    let written = stages.count - missing.count - distant.count
    Console.error("\(Console.count(written, "stage")) in \(folder)")
    if let first = missing.first {
      Console.error(
        "not in the cache: \(Console.count(missing.count, "stage")), such as \(first); "
          + "'mechanics run' makes what is missing")
    }
    if let first = distant.first {
      Console.error(
        "in a shared cache only: \(Console.count(distant.count, "stage")), such as \(first); "
          + "--cache fetches from there")
    }
    guard missing.isEmpty, distant.isEmpty else { throw ExitCode(.stageOrClaim) }
  }

  /// Puts the recorded results, the manifest and what tells of them into the folder.
  private func writeCrate(_ session: Session) throws {
    let experiments = session.plan.experiments
    guard let number = experiments.firstIndex(where: { $0.manifest.experiment == stage }) else {
      let names = experiments.map(\.manifest.experiment).joined(separator: ", ")
      throw UsageError("no experiment '\(stage)' among \(names)")
    }
    let path = "\(session.settings.results.path)/\(stage)"
    var files: [String: [UInt8]] = [:]
    for name in try File.names(in: path)
    where [".csv", ".json", ".svg", ".dot"].contains(where: name.hasSuffix) {
      files[name] = try File.contents(of: "\(path)/\(name)")
    }
    guard files[ExperimentResults.claimsName] != nil else {
      throw UsageError("no results in '\(path)': 'mechanics run' makes some")
    }
    let provenance = files[Provenance.name].flatMap { Value(json: $0) }
    let crate = RunCrate(
      number, of: session.plan, files: files,
      source: try File.contents(of: experiments[number].manifest.file) ?? [],
      version: Mechanics.version, time: provenance?["time"]?.integer ?? SystemClock.now)
    try File.makeFolder(folder)
    for (name, bytes) in crate.files { try File.replace("\(folder)/\(name)", with: bytes) }
    let metadata = Array((crate.metadata.json(pretty: true) + "\n").utf8)
    try File.replace("\(folder)/\(RunCrate.metadataName)", with: metadata)
    Console.error("\(crate.files.count) files and \(RunCrate.metadataName) in \(folder)")
  }

  private func write(_ bytes: [UInt8], _ name: String, into path: String) throws {
    guard format == .npy, name.hasSuffix(".safetensors") else {
      try File.replace("\(path)/\(name)", with: bytes)
      return
    }
    let tensors = try Tensors(bytes: bytes)
    for array in tensors.names {
      try File.replace("\(path)/\(array).npy", with: tensors.entries[array]!.npy)
    }
  }

  /// A path for an address: `cyclic/gd[seed=7]` is `cyclic/gd/seed=7`.
  static func path(_ address: String) -> String {
    guard let open = address.firstIndex(of: "[") else { return address }
    let label = address[address.index(after: open)...].dropLast()
    return "\(address[..<open])/\(label.replacing("/", with: "_"))"
  }
}
