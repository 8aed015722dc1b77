import ArgumentParser
import Canonical
import Pipeline
import Storage

/// `mechanics cache`
struct Cache: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look after the store of finished stages.",
    subcommands: [Info.self, Verify.self, Collect.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say what the store holds.")

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
      let store = try Store(at: Settings()[.cache])
      let info = try store.info()
      let numbers = [
        ("records", info.records), ("blobs", info.blobs), ("bytes", info.bytes),
        ("segments", info.segments), ("file-bytes", info.fileBytes),
      ]
      if json {
        var entries = Dictionary(uniqueKeysWithValues: numbers.map { ($0, Value.integer($1)) })
        entries["path"] = .string(store.path)
        Console.out(Value.map(entries).json() + "\n")
      } else {
        Console.out("path        \(store.path)\(store.isWritable ? "" : " (read-only)")\n")
        Console.out(TextTable(numbers.map { [$0.0, String($0.1)] }).text)
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hash every blob; what is damaged is made again when it is needed.",
      discussion: "Ends with 1 where something was damaged.")

    func run() throws {
      let result = try Store(at: Settings()[.cache]).verify()
      for digest in result.damaged { Console.error("damaged: \(digest)") }
      if result.damagedStretches > 0 {
        Console.error("\(result.damagedStretches) stretches of the logs hold no sound entry")
      }
      Console.out(
        "\(result.blobs) blobs of \(result.bytes) bytes and \(result.records) records: "
          + "\(result.damaged.count) damaged, \(result.incomplete) stages to be made again\n")
      guard result.isSound else { throw ExitCode(.stageOrClaim) }
    }
  }

  struct Collect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "gc", abstract: "Remove records by age, size and reachability.",
      discussion: """
        Never removes what is younger than --grace, and waits for no one: while a run uses the \
        store, it says so and ends with 4.

          mechanics cache gc --age 30 --dry-run
          mechanics cache gc --keep manifests --size 2000
        """)

    @Option(help: "Remove what was made more than so many days ago.")
    var age: Double?

    @Option(help: "Remove the oldest until so many megabytes are left.")
    var size: Double?

    @Option(help: "Remove what these manifests, or folders of them, do not need.")
    var keep: [String] = []

    @Option(help: "Keep what was made in the last so many hours.")
    var grace: Double = 1

    @Flag(help: "Say what would be removed and why, and remove nothing.")
    var dryRun = false

    func validate() throws {
      guard age != nil || size != nil || !keep.isEmpty else {
        throw ValidationError("say what may go: --age, --size or --keep")
      }
    }

    func run() async throws {
      var policy = CollectionPolicy()
      policy.age = age.map { Int($0 * 86_400) }
      policy.bytes = size.map { Int($0 * 1e6) }
      policy.grace = Int(grace * 3_600)
      if !keep.isEmpty { policy.reachable = try reachable() }
      let store = try Store(at: Settings()[.cache])
      let now = SystemClock.now
      let collection =
        try dryRun ? store.planCollection(policy, now: now) : store.collect(policy, now: now)
      for (record, reason) in collection.removed {
        let kind = StageKey(preimage: record.preimage)?.kind ?? "unknown"
        let size = record.outputs.reduce(0) { $0 + $1.size }
        Console.out("@\(record.key.short) \(kind), \(size) bytes: \(reason.rawValue)\n")
      }
      Console.error(
        "\(collection.removed.count) records \(dryRun ? "would be removed" : "removed"), "
          + "\(collection.kept) kept; \(collection.bytesBefore) -> \(collection.bytesAfter) bytes")
    }

    /// The keys of all stages of the manifests, as far as they are known.
    private func reachable() throws -> Set<Digest> {
      let manifests = try ManifestOptions.parse(["--tier", "full", "--"] + keep)
      let session = try Session(manifests, Settings())
      let forecast = Forecast(session.plan, session.store)
      return Set(forecast.keys.compactMap { $0.map { Digest(of: $0.preimage) } })
    }
  }
}
