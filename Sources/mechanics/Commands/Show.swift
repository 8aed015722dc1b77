import ArgumentParser
import Canonical
import Manifests

/// `mechanics show`
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print manifests with all defaults and cells, as JSON.")

  @OptionGroup var manifests: ManifestOptions

  @Flag(help: "As it was read: anchors and merge keys resolved, nothing else.")
  var raw = false

  func run() throws {
    if raw {
      for argument in manifests.manifests {
        for file in try ManifestOptions.files(argument) {
          Console.out(try Manifest.raw(path: file).json(pretty: true) + "\n")
        }
      }
      return
    }
    for manifest in try manifests.read() {
      Console.out(manifest.value.json(pretty: true) + "\n")
    }
  }
}
