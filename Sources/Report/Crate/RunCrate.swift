import Canonical
import Manifests
import Pipeline
import Storage

/// The results of an experiment as an RO-Crate with the profile Provenance Run Crate 0.5.
///
/// The workflow is the manifest. Each kind of stage is a tool, a step of the workflow and one action
/// that stands for all stages of the kind: thousands of them would say nothing more.
/// Source: https://w3id.org/ro/wfrun/provenance/0.5.
package struct RunCrate: Sendable {
  package static let metadataName = "ro-crate-metadata.json"
  /// The crate's manifest.
  package static let manifestName = "manifest.yaml"

  private let manifest: Manifest
  private let version: String
  private let time: String
  /// The files of the crate but the metadata, by name.
  package private(set) var files: [String: [UInt8]]
  /// The kinds of stages that the experiment has, and their versions, in the order of the catalog.
  private let kinds: [(kind: StageKind, count: Int)]

  /// - Parameters:
  ///   - number: the experiment's place in the plan.
  ///   - files: its results by name.
  ///   - source: the manifest's bytes.
  ///   - version: the program's.
  ///   - time: when the results were made, in seconds since 1970.
  package init(
    _ number: Int, of plan: Plan, files: [String: [UInt8]], source: [UInt8], version: String,
    time: Int
  ) {
    let experiment = plan.experiments[number]
    manifest = experiment.manifest
    self.version = version
    self.time = RunCrate.date(time)
    self.files = files
    self.files[RunCrate.manifestName] = source
    kinds = plan.catalog.kinds.indices.compactMap { kind in
      let count = Set(experiment.stages[kind]).count
      return count == 0 ? nil : (plan.catalog.kinds[kind], count)
    }
  }

  /// `ro-crate-metadata.json`.
  package var metadata: Value {
    [
      "@context": [
        "https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context",
      ],
      "@graph": .list(
        [descriptor, root] + profiles + [workflow, language, engine, agent, license]
          + [organization, run] + kinds.indices.flatMap(stage)
          + files.keys.sorted().compactMap(file)),
    ]
  }

  private func link(_ id: String) -> Value { ["@id": .string(id)] }

  private var descriptor: Value {
    [
      "@id": .string(RunCrate.metadataName), "@type": "CreativeWork", "about": link("./"),
      "conformsTo": [
        link("https://w3id.org/ro/crate/1.1"),
        link("https://w3id.org/workflowhub/workflow-ro-crate/1.0"),
      ],
    ]
  }

  private static let profileVersions = [
    ("https://w3id.org/ro/wfrun/process/0.5", "Process Run Crate", "0.5"),
    ("https://w3id.org/ro/wfrun/workflow/0.5", "Workflow Run Crate", "0.5"),
    ("https://w3id.org/ro/wfrun/provenance/0.5", "Provenance Run Crate", "0.5"),
    ("https://w3id.org/workflowhub/workflow-ro-crate/1.0", "Workflow RO-Crate", "1.0"),
  ]

  private var profiles: [Value] {
    RunCrate.profileVersions.map { id, name, version in
      [
        "@id": .string(id), "@type": "CreativeWork", "name": .string(name),
        "version": .string(version),
      ]
    }
  }

  private var root: Value {
    [
      "@id": "./", "@type": "Dataset", "name": .string(manifest.title),
      "description": .string(
        manifest.description
          ?? "Results of the experiment \(manifest.experiment): \(manifest.title)."),
      "datePublished": .string(time), "license": link("#license"),
      "conformsTo": .list(RunCrate.profileVersions.map { link($0.0) }),
      "mainEntity": link(RunCrate.manifestName),
      "hasPart": .list(files.keys.sorted().map(link)),
      "mentions": .list(
        [link("#run"), link("#organize")] + kinds.map { link("#made-\($0.kind.name)") }),
    ]
  }

  private var license: Value {
    [
      "@id": "#license", "@type": "CreativeWork", "name": "None stated",
      "description": "Ask the authors of the results how they may be used.",
    ]
  }

  private var workflow: Value {
    [
      "@id": .string(RunCrate.manifestName),
      "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
      "name": .string(manifest.experiment), "description": .string(manifest.title),
      "programmingLanguage": link("#manifests"), "encodingFormat": "application/yaml",
      "sha256": .string(Digest(of: files[RunCrate.manifestName]!).hex),
      "hasPart": .list(kinds.map { link("#tool-\($0.kind.name)") }),
      "step": .list(kinds.map { link("#step-\($0.kind.name)") }),
    ]
  }

  private var language: Value {
    [
      "@id": "#manifests", "@type": "ComputerLanguage", "name": "Manifests of mechanics",
      "identifier": "https://json-schema.org/draft/2020-12/schema",
      "url": "https://json-schema.org/draft/2020-12/schema", "version": .string(version),
    ]
  }

  private var engine: Value {
    [
      "@id": "#engine", "@type": "SoftwareApplication", "name": "mechanics",
      "softwareVersion": .string(version),
    ]
  }

  private var agent: Value {
    ["@id": "#agent", "@type": "Organization", "name": "Whoever ran the experiment"]
  }

  private func action(_ id: String, _ type: String, _ name: String, _ rest: [String: Value])
    -> Value
  {
    let entries: [String: Value] = [
      "@id": .string(id), "@type": .string(type), "name": .string(name), "agent": link("#agent"),
      "endTime": .string(time), "actionStatus": "http://schema.org/CompletedActionStatus",
    ]
    return .map(entries.merging(rest) { $1 })
  }

  private var organization: Value {
    action(
      "#organize", "OrganizeAction", "Planned and ran \(manifest.experiment)",
      [
        "instrument": link("#engine"), "result": link("#run"),
        "object": .list(kinds.map { link("#control-\($0.kind.name)") }),
      ])
  }

  private var run: Value {
    action(
      "#run", "CreateAction", "Ran \(manifest.experiment)",
      [
        "instrument": link(RunCrate.manifestName), "object": [link(RunCrate.manifestName)],
        "result": .list(outputs(where: { _ in true }).map(link)),
      ])
  }

  /// A tool, its step, the step's control, and what it made.
  private func stage(_ position: Int) -> [Value] {
    let (kind, count) = kinds[position]
    let name = kind.name
    var made: [String: Value] = ["instrument": link("#tool-\(name)")]
    let results = outputs { kind.scope != .run && kind.outputs.contains($0) }
    if !results.isEmpty { made["result"] = .list(results.map(link)) }
    made["object"] = [link(RunCrate.manifestName)]
    return [
      [
        "@id": .string("#tool-\(name)"), "@type": "SoftwareApplication", "name": .string(name),
        "softwareVersion": .string(String(kind.version)),
      ],
      [
        "@id": .string("#step-\(name)"), "@type": "HowToStep", "name": .string(name),
        "position": .string(String(position)), "workExample": link("#tool-\(name)"),
      ],
      action(
        "#control-\(name)", "ControlAction", "Ran \(count) stages of \(name)",
        ["instrument": link("#step-\(name)"), "object": link("#made-\(name)")]),
      action("#made-\(name)", "CreateAction", "\(count) stages of \(name)", made),
    ]
  }

  private func outputs(where isWanted: (String) -> Bool) -> [String] {
    files.keys.sorted().filter { $0 != RunCrate.manifestName && isWanted($0) }
  }

  private func file(_ name: String) -> Value? {
    guard name != RunCrate.manifestName, let bytes = files[name] else { return nil }
    let suffix = name.split(separator: ".").last ?? ""
    let format =
      ["csv": "text/csv", "json": "application/json", "dot": "text/vnd.graphviz"][suffix]
      ?? "application/octet-stream"
    return [
      "@id": .string(name), "@type": "File", "name": .string(name),
      "encodingFormat": .string(format), "contentSize": .string(String(bytes.count)),
      "sha256": .string(Digest(of: bytes).hex),
    ]
  }

  /// An instant as ISO 8601 writes it.
  package static func date(_ time: Int) -> String {
    let (days, seconds) = time.quotientAndRemainder(dividingBy: 86_400)
    // Civil from days: Hinnant, "chrono-compatible low-level date algorithms".
    let shifted = days + 719_468
    let era = shifted / 146_097
    let day = shifted - era * 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let monthNumber = month < 10 ? month + 3 : month - 9
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    return "\(year + era * 400 + (monthNumber <= 2 ? 1 : 0))-\(two(monthNumber))-"
      + "\(two(dayOfYear - (153 * month + 2) / 5 + 1))T\(two(seconds / 3600)):"
      + "\(two(seconds / 60 % 60)):\(two(seconds % 60))+00:00"
  }
}
