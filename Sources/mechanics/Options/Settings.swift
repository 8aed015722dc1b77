import Canonical
import Cluster
import Glibc
import Manifests
import Pipeline
import Remotes
import Report
import Storage

/// What is set outside of manifests, and where each setting comes from.
///
/// Flags come first, then the environment, then `mechanics.yaml` of the nearest folder, then
/// `$XDG_CONFIG_HOME/mechanics/config.yaml`, then defaults.
struct Settings {
  enum Name: String, CaseIterable {
    case cache, executor, jobs, results
    case sharedCaches = "shared-caches"
    case cacheRequired = "cache-required"

    /// The variable of the environment that sets it.
    var variable: String {
      switch self {
      case .cache: "MECHANICS_CACHE"
      case .executor: "MECHANICS_EXECUTOR"
      case .jobs: "MECHANICS_JOBS"
      case .results: "MECHANICS_RESULTS"
      case .sharedCaches: "MECHANICS_REMOTE_CACHE"
      case .cacheRequired: "MECHANICS_CACHE_REQUIRED"
      }
    }

    /// Whether it is a folder.
    var isPath: Bool { self == .cache || self == .results }

    /// The flag that sets it.
    var flag: String { self == .sharedCaches ? "--cache" : "--\(rawValue)" }

    var doc: String {
      switch self {
      case .cache: "the folder of the store"
      case .executor: "where stages are executed: local or slurm"
      case .jobs: "how many stages run at a time"
      case .results: "the folder that results are written to"
      case .sharedCaches: "URLs of shared caches, in the order in which they are asked"
      case .cacheRequired: "whether the failure of a shared cache is an error: true or false"
      }
    }
  }

  struct Setting {
    let name: Name
    let value: String
    let source: String

    /// The value as people may see it: URLs without credentials.
    var shown: String {
      guard name == .sharedCaches else { return value }
      return value.split(separator: " ").map { url in
        (try? RemoteLocation(String(url)))
          .map { $0.name + ($0.isReadOnly ? "#read-only" : "") } ?? "(no URL)"
      }.joined(separator: " ")
    }
  }

  private(set) var all: [Name: Setting] = [:]
  /// What Slurm is asked for: `slurm:` of the files, the nearer one first, changed by flags.
  private(set) var slurm = SlurmOptions()
  /// What stages may use, by their kinds: `limits:` of the files, the nearer one first.
  private(set) var limits: [String: Limits] = [:]
  /// Where each of these comes from: what the files say, by names such as `slurm.partition`.
  private(set) var parts: [String: (value: String, file: String)] = [:]

  /// - Parameters:
  ///   - flags: what was given on the command line.
  ///   - slurm: what the command line asks Slurm for.
  init(_ flags: [Name: String] = [:], slurm: [(name: String, value: Value)] = []) throws {
    let files = try [Settings.projectFile, Settings.userFile].compactMap(\.self).map {
      ($0, try SettingsFile.read(path: $0, Settings.entries))
    }
    for name in Name.allCases {
      let file = files.first { $0.1[name.rawValue] != nil }
      let (value, source) =
        if let flag = flags[name] {
          (flag, name.flag)
        } else if let variable = Console.environment(name.variable) {
          (variable, "$\(name.variable)")
        } else if let file {
          (Settings.text(file.1[name.rawValue]!, of: name, in: file.0), file.0)
        } else {
          (Settings.fallback(name), "default")
        }
      let path = name.isPath ? Settings.expanded(value) : value
      all[name] = Setting(name: name, value: path, source: source)
    }
    guard let jobs = Int(self[.jobs]), jobs > 0 else {
      throw UsageError(
        "jobs must be a positive number, not '\(self[.jobs])' (\(all[.jobs]!.source))")
    }
    guard Settings.executors.contains(self[.executor]) else {
      throw UsageError(
        "executor must be \(Settings.executors.joined(separator: " or ")), not "
          + "'\(self[.executor])' (\(all[.executor]!.source))")
    }
    for (file, entries) in files.reversed() {
      for (name, value) in (entries["slurm"]?.map ?? [:]).sorted(by: { $0.key < $1.key }) {
        do { try self.slurm.set(name, value) } catch { throw UsageError("\(file): \(error)") }
        parts["slurm.\(name)"] = (Settings.text(value), file)
      }
    }
    for (name, value) in slurm { try self.slurm.set(name, value) }
    for (file, entries) in files.reversed() {
      for (kind, values) in entries["limits"]?.map ?? [:] {
        for (name, value) in values.map ?? [:] {
          limits[kind, default: Limits()][name] = value.integer
          parts["limits.\(kind).\(name)"] = (Settings.text(value), file)
        }
      }
    }
    guard ["true", "false"].contains(self[.cacheRequired]) else {
      throw UsageError(
        "cache-required must be true or false, not '\(self[.cacheRequired])' "
          + "(\(all[.cacheRequired]!.source))")
    }
    _ = try remoteLocations
  }

  /// Where the shared caches are.
  ///
  /// A password in a file would be committed some day, and one among the arguments is seen by
  /// everyone on the machine, so it is taken from the environment only.
  var remoteLocations: [RemoteLocation] {
    get throws {
      let setting = all[.sharedCaches]!
      return try setting.value.split(separator: " ").map { url in
        let location = try RemoteLocation(String(url))
        if location.hasPassword, setting.source != "$\(Name.sharedCaches.variable)" {
          throw UsageError(
            "\(location.name): no password here (\(setting.source)), where others can see it: "
              + "write it into ~/.netrc, or the URL into $\(Name.sharedCaches.variable)")
        }
        return location
      }
    }
  }

  /// A setting of a file as text: the items of a list with spaces between.
  private static func text(_ value: Value) -> String {
    value.list.map { $0.map(Table.cell).joined(separator: " ") } ?? Table.cell(value)
  }

  /// The same; a path is that from the folder of the file.
  private static func text(_ value: Value, of name: Name, in file: String) -> String {
    let text = text(value)
    guard name.isPath, !text.hasPrefix("/"), text == expanded(text) else { return text }
    return String(file[...file.lastIndex(of: "/")!]) + text
  }

  /// A path with the home folder for a `~` at its start.
  private static func expanded(_ path: String) -> String {
    path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path
  }

  subscript(name: Name) -> String { all[name]!.value }

  var jobs: Int { Int(self[.jobs])! }
  var results: ResultsFolder { ResultsFolder(self[.results]) }

  private static func fallback(_ name: Name) -> String {
    switch name {
    case .cache: cacheFolder
    case .executor: "local"
    case .jobs: String(Machine.cores)
    case .results: "results"
    case .sharedCaches: ""
    case .cacheRequired: "false"
    }
  }

  private static var home: String { Console.environment("HOME") ?? "." }

  private static var cacheFolder: String {
    (Console.environment("XDG_CACHE_HOME") ?? "\(home)/.cache") + "/mechanics"
  }

  private static var userFile: String? {
    let folder = Console.environment("XDG_CONFIG_HOME") ?? "\(home)/.config"
    let file = "\(folder)/mechanics/config.yaml"
    return access(file, F_OK) == 0 ? file : nil
  }

  /// `mechanics.yaml` of this folder or the nearest above it.
  private static var projectFile: String? {
    guard let current = getcwd(nil, 0) else { return nil }
    defer { free(current) }
    var parts = String(cString: current).split(separator: "/")
    while true {
      let file = "/" + (parts.map(String.init) + ["mechanics.yaml"]).joined(separator: "/")
      if access(file, F_OK) == 0 { return file }
      if parts.popLast() == nil { return nil }
    }
  }
}
