import ArgumentParser
import Canonical
import Cluster
import Pipeline
import Remotes
import Storage

/// `mechanics cache`
struct Cache: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look after the store of finished stages.",
    subcommands: [Info.self, Verify.self, Collect.self, Push.self, Pull.self])

  /// The shared caches that a command of `cache` is about, instead of the store.
  struct Remotes: ParsableArguments {
    @Option(
      name: .customLong("cache"),
      help: ArgumentHelp(
        "Look at this shared cache instead (file:// or s3://).", valueName: "URL"))
    var urls: [String] = []

    /// Their contents.
    func inventories() async throws -> [RemoteInventory] {
      let settings = try Settings([.sharedCaches: urls.joined(separator: " ")])
      var inventories: [RemoteInventory] = []
      for location in try settings.remoteLocations {
        inventories.append(try await RemoteInventory(location.open()))
      }
      return inventories
    }
  }

  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say what the store holds.")

    @OptionGroup var remotes: Remotes

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
      for inventory in try await remotes.inventories() {
        show(
          inventory.remote.name, "",
          [
            ("records", inventory.records.count), ("blobs", inventory.blobs.count),
            ("bytes", inventory.bytes), ("refused", inventory.refused.count),
          ])
      }
      guard remotes.urls.isEmpty else { return }
      let store = try Store(at: Settings()[.cache])
      let info = try store.info()
      let numbers = [
        ("records", info.records), ("blobs", info.blobs), ("bytes", info.bytes),
        ("segments", info.segments), ("file-bytes", info.fileBytes),
      ]
      show(store.path, store.isWritable ? "" : " (read-only)", numbers)
    }

    private func show(_ path: String, _ note: String, _ numbers: [(String, Int)]) {
      if json {
        var entries = Dictionary(uniqueKeysWithValues: numbers.map { ($0, Value.integer($1)) })
        entries["path"] = .string(path)
        Console.out(Value.map(entries).json() + "\n")
      } else {
        Console.out("path        \(path)\(note)\n")
        Console.out(TextTable(numbers.map { [$0.0, String($0.1)] }).text)
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hash every blob; what is damaged is made again when it is needed.",
      discussion: "Ends with 1 where something was damaged.")

    @OptionGroup var remotes: Remotes

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
      var isSound = true
      for inventory in try await remotes.inventories() {
        isSound = try await verify(inventory) && isSound
      }
      if remotes.urls.isEmpty { isSound = try verify(Store(at: Settings()[.cache])) }
      guard isSound else { throw ExitCode(.stageOrClaim) }
    }

    /// - Returns: whether all is as it should be.
    private func verify(_ inventory: RemoteInventory) async throws -> Bool {
      let damaged = try await inventory.damagedBlobs().map(\.digest)
      let incomplete = inventory.records.count { !inventory.isComplete($0) }
      let refused = inventory.refused.count
      for (item, reason, _) in inventory.refused { Console.error("\(item.digest): \(reason)") }
      show(
        inventory.remote.name, damaged,
        [
          ("records", inventory.records.count), ("blobs", inventory.blobs.count),
          ("bytes", inventory.bytes), ("incomplete", incomplete), ("refused", refused),
        ],
        "\(inventory.remote.name): \(inventory.blobs.count) blobs and \(inventory.records.count) "
          + "records: \(damaged.count) damaged, \(refused) refused, "
          + "\(incomplete) without all their outputs\n")
      return damaged.isEmpty && refused == 0 && incomplete == 0
    }

    private func verify(_ store: Store) throws -> Bool {
      let result = try store.verify()
      if result.damagedStretches > 0 {
        Console.error("\(result.damagedStretches) stretches of the logs hold no sound entry")
      }
      show(
        store.path, result.damaged,
        [
          ("records", result.records), ("blobs", result.blobs), ("bytes", result.bytes),
          ("incomplete", result.incomplete), ("borrowed", result.borrowed),
          ("damaged-stretches", result.damagedStretches),
        ],
        "\(result.blobs) blobs of \(result.bytes) bytes and \(result.records) records: "
          + "\(result.damaged.count) damaged, \(result.incomplete) stages to be made again\n")
      return result.isSound
    }

    private func show(
      _ path: String, _ damaged: [Digest], _ numbers: [(String, Int)], _ text: String
    ) {
      if json {
        var entries = Dictionary(uniqueKeysWithValues: numbers.map { ($0, Value.integer($1)) })
        entries["path"] = .string(path)
        entries["damaged"] = .list(damaged.map { .string($0.hex) })
        Console.out(Value.map(entries).json() + "\n")
      } else {
        for digest in damaged { Console.error("damaged: \(digest)") }
        Console.out(text)
      }
    }
  }

  struct Collect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "gc", abstract: "Remove records by age, size and reachability.",
      discussion: """
        What the manifests of --keep need stays, however old or large. --keep alone removes all else, \
        with --age what of it is older, with --size the oldest of it until the rest fits. What \
        --producer made goes in any case.

        Never removes what is younger than --grace, and waits for no one: while a run uses the \
        store, it says so and ends with 4. With --age the folders of campaigns on a cluster go too, \
        once they have ended; one that may still be running stays.

          mechanics cache gc --keep manifests --age 90 --dry-run
          mechanics cache gc --keep manifests --size 2000
        """)

    @Option(help: "Remove what was made more than so many days ago.")
    var age: Double?

    @Option(help: "Remove the oldest until so many megabytes are left.")
    var size: Double?

    @Option(help: "Keep what these manifests, or folders of them, need.")
    var keep: [String] = []

    @Option(help: "Keep what was made in the last so many hours.")
    var grace: Double = 1

    @Option(help: "Remove what was made by it, however young: a host, or a program's digest.")
    var producer: String?

    @OptionGroup var remotes: Remotes

    @Flag(help: "Say what would be removed and why, and remove nothing.")
    var dryRun = false

    @Flag(help: "Print a line for each record.")
    var verbose = false

    func validate() throws {
      for (name, number) in [("age", age), ("size", size), ("grace", grace)] {
        guard let number, !(0...1e9).contains(number) else { continue }
        throw ValidationError("--\(name) must be a number from 0 to 1000000000")
      }
      guard age != nil || size != nil || !keep.isEmpty || producer?.isEmpty == false else {
        throw ValidationError("say what may go: --age, --size, --keep or --producer")
      }
    }

    func run() async throws {
      var policy = CollectionPolicy()
      policy.age = age.map { Int($0 * 86_400) }
      policy.bytes = size.map { Int($0 * 1e6) }
      policy.grace = Int(grace * 3_600)
      policy.producer = producer
      for inventory in try await remotes.inventories() {
        policy.reachable = try reachable(beside: inventory.records)
        try await collect(inventory, policy)
      }
      guard remotes.urls.isEmpty else { return }
      let store = try Store(at: Settings()[.cache])
      policy.reachable = try reachable()
      let now = SystemClock.now
      let collection =
        try dryRun ? store.planCollection(policy, now: now) : store.collect(policy, now: now)
      show(collection)
      try collectCampaigns(store.path, now)
    }

    private func collectCampaigns(_ cache: String, _ now: Int) throws {
      guard let age else { return }
      let seconds = Int(max(age * 86_400, grace * 3_600))
      let campaigns = try OldCampaign.all(in: cache, age: seconds, now: now)
      if campaigns.isEmpty { return }
      var (gone, bytes) = (0, 0)
      for campaign in campaigns {
        let what = "campaign \(campaign.name), \(campaign.files) files, \(campaign.bytes) bytes"
        switch campaign.judgement {
        case .gone(let reason):
          if !dryRun { try campaign.remove() }
          Console.out("\(what): \(reason), and is older than the age given\n")
          (gone, bytes) = (gone + 1, bytes + campaign.bytes)
        case .kept(let reason): Console.error("\(what): kept, as \(reason)")
        case .young: break
        }
      }
      Console.error(
        "\(gone) campaigns \(dryRun ? "would be removed" : "removed"), "
          + "\(campaigns.count - gone) kept; \(bytes) bytes")
    }

    private func collect(_ inventory: RemoteInventory, _ policy: CollectionPolicy) async throws {
      let collection = try await inventory.plan(policy, now: SystemClock.now)
      if !dryRun { try await inventory.remove(collection) }
      show(collection.records)
      let bytes = collection.blobs.reduce(0) { $0 + $1.size }
      Console.error(
        "\(inventory.remote.name): with them \(collection.entries.count) bundles or unreadable "
          + "entries, and \(collection.blobs.count) blobs of \(bytes) bytes that no entry names")
    }

    private func show(_ collection: Store.Collection) {
      Console.out(verbose ? collection.lines : collection.summary)
      Console.error(
        "\(collection.removed.count) records \(dryRun ? "would be removed" : "removed"), "
          + "\(collection.kept) kept; \(collection.bytesBefore) -> \(collection.bytesAfter) bytes")
    }

    /// The keys of all stages of the manifests, as far as the store and `others` have what the
    /// stages before them put out; nil where no manifests are to be kept.
    private func reachable(beside others: [Record] = []) throws -> Set<Digest>? {
      guard !keep.isEmpty else { return nil }
      let manifests = try ManifestOptions.parse(["--tier", "full", "--"] + keep)
      let session = try Session(manifests, Settings())
      let there = Dictionary(others.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
      let forecast = Forecast(session.plan) { there[$1] ?? session.store.record(for: $1) }
      return Set(forecast.keys.compactMap { $0.map { Digest(of: $0.preimage) } })
    }
  }
}
