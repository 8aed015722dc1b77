import ArgumentParser
import Remotes
import Storage

/// The shared caches that a command uses.
struct SharedCacheOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use a shared cache: file:///folder, http(s)://…, s3://bucket/prefix; #read-only at its end.",
      valueName: "URL"))
  var cache: [String] = []

  @Flag(help: "Make the failure of a shared cache an error.")
  var cacheRequired = false

  /// What these flags set.
  var flags: [Settings.Name: String] {
    var flags: [Settings.Name: String] = [:]
    if !cache.isEmpty { flags[.sharedCaches] = cache.joined(separator: " ") }
    if cacheRequired { flags[.cacheRequired] = "true" }
    return flags
  }
}

extension Settings {
  /// The shared caches, in their order; people are told of folders that are not there.
  func sharedCaches(_ store: Store) throws -> SharedCaches {
    let locations = try remoteLocations
    for location in locations where location.isMissing {
      Console.error(
        "\(location.name) is no folder yet: "
          + (location.isReadOnly ? "nothing comes from it" : "the first upload makes it one"))
    }
    let remotes = try locations.map { (try $0.open(), $0.isReadOnly) }
    return SharedCaches(remotes, store, isRequired: isCacheRequired) { Console.error($0) }
  }

  var isCacheRequired: Bool { self[.cacheRequired] == "true" }
}
