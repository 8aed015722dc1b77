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
    var diagnostics: [Diagnostic] = []
    for argument in self.manifests {
      let files = try ManifestOptions.files(argument)
      for file in files {
        do {
          let manifest = try Manifest.read(
            path: file, schema: Catalog.mechanics.schema, overrides: overrides)
          if file == argument || tier == .full || manifest.tier == .default {
            manifests.append(manifest)
          }
        } catch {
          diagnostics += error.all
        }
      }
    }
    diagnostics += Manifest.collisions(manifests)
    guard diagnostics.isEmpty else { throw Diagnostics(diagnostics) }
    return manifests
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
