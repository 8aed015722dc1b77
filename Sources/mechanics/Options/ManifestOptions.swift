import ArgumentParser
import Canonical
import Glibc
import Manifests
import Pipeline
import Stages
import Storage

/// Which manifests a command is about, and how they are changed for it.
struct ManifestOptions: ParsableArguments {
  @Argument(
    help: "Manifests, or folders of them. In a folder those of the tier are taken.",
    completion: .file(extensions: ["yaml", "yml"]))
  var manifests: [String] = ["manifests"]

  @Option(help: "Which manifests of a folder: 'default', or 'full' for both tiers.")
  var tier: Tier = .default

  @Option(
    name: .customLong("set"), help: ArgumentHelp("Change a parameter.", valueName: "path=value"))
  var overrides: [String] = []

  @Option(help: "Other seeds, such as 1..10 or '[1, 5..7]'.")
  var seeds: String?

  enum Tier: String, ExpressibleByArgument, CaseIterable { case `default`, full }

  /// Whether the experiments are run as their manifests state them.
  var isAsStated: Bool { overrides.isEmpty && seeds == nil }

  /// The manifests, all checked.
  /// - Throws: ``Diagnostics`` with all that is wrong with any of them.
  func read() throws -> [Manifest] {
    let overrides = overrides + (seeds.map { ["seeds=\($0)"] } ?? [])
    var manifests: [Manifest] = []
    var faults: [(file: String, all: [Diagnostic])] = []
    var taken: Set<String> = []
    for argument in self.manifests {
      for file in try ManifestOptions.files(argument)
      where !taken.contains(ManifestOptions.realPath(file)) {
        do {
          let manifest = try Manifest.read(
            path: file, schema: Catalog.mechanics.schema, overrides: overrides)
          guard file == argument || tier == .full || manifest.tier == .default else { continue }
          manifests.append(manifest)
        } catch {
          faults.append((file, error.all))
        }
        taken.insert(ManifestOptions.realPath(file))
      }
    }
    let diagnostics =
      ManifestOptions.named(faults, of: taken.count) + Manifest.collisions(manifests)
    guard diagnostics.isEmpty else { throw Diagnostics(diagnostics) }
    return manifests
  }

  /// Errors of which those of an override name the manifest, unless all `count` have them.
  private static func named(
    _ faults: [(file: String, all: [Diagnostic])], of count: Int
  ) -> [Diagnostic] {
    faults.flatMap { file, all in
      all.map { diagnostic in
        let isOfAll = faults.count { $0.all.contains(diagnostic) } == count
        guard diagnostic.place.line == 0, diagnostic.place.file.hasPrefix("--set "), !isOfAll
        else { return diagnostic }
        return Diagnostic(
          Place(file: "\(file): \(diagnostic.place.file)"), diagnostic.message,
          suggestion: diagnostic.suggestion)
      }
    }
  }

  /// The one path of a file that may be named in several ways.
  private static func realPath(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The same about the experiment that an address names, where it has a manifest of its name in the
  /// folder that is taken if none is given: nothing else needs to be read for it.
  func narrowed(to address: String) -> ManifestOptions {
    guard manifests == ["manifests"], let pattern = try? AddressPattern(address) else {
      return self
    }
    let name = pattern.experiment
    let isKind = Catalog.mechanics.kinds.contains { $0.name == pattern.head }
    let file = "manifests/\(name).yaml"
    guard !isKind, access(file, F_OK) == 0,
      (try? Manifest.raw(path: file))?["experiment"]?.string == name
    else { return self }
    var narrowed = self
    narrowed.manifests = [file]
    return narrowed
  }

  /// What to try where there is no file of this name.
  private static func advice(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folders = [parts.dropLast().joined(separator: "/"), "manifests"].map {
      $0.isEmpty ? "." : $0
    }
    for folder in folders {
      let names = ((try? File.names(in: folder)) ?? []).filter { $0.hasSuffix(".yaml") }
      let near =
        names.first { $0 == "\(parts.last!).yaml" }
        ?? Suggestion.nearest(to: String(parts.last!), among: names)
      if let near { return " (did you mean '\(folder == "." ? near : "\(folder)/\(near)")'?)" }
    }
    return access("manifests", F_OK) == 0
      ? "; 'mechanics validate' lists those in manifests/"
      : ": run this in a project's folder, or start one with 'mechanics init'"
  }

  /// A manifest itself, or those in a folder.
  static func files(_ path: String) throws -> [String] {
    guard access(path, F_OK) == 0 else {
      throw UsageError("no manifest or folder '\(path)'\(advice(path))")
    }
    guard File.isFolder(path) else { return [path] }
    let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    let names = try File.names(in: folder).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    guard !names.isEmpty else {
      throw UsageError("the folder '\(path)' has no .yaml manifests: 'mechanics init' starts one")
    }
    return names.map { "\(folder)/\($0)" }
  }
}
