import ArgumentParser
import Canonical
import Manifests
import Pipeline
import Stages

/// `mechanics validate`
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check manifests: all that is wrong with each, with line and column.")

  @OptionGroup var manifests: ManifestOptions

  @Flag(help: "Print what is wrong as JSON.")
  var json = false

  func run() throws {
    var manifests = manifests
    manifests.tier = .full
    do {
      for manifest in try manifests.read() where !json {
        let runs = manifest.cells.count * manifest.seeds.count
        Console.out("\(manifest.file): \(manifest.experiment), \(Console.count(runs, "run"))\n")
      }
      if json { Console.out("[]\n") }
    } catch let diagnostics as Diagnostics where json {
      Console.out(diagnostics.value.json(pretty: true) + "\n")
      throw ExitCode(.usage)
    }
  }
}

/// `mechanics schema`
struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of manifests, for editors.",
    discussion: """
        mechanics schema > manifest.schema.json

      A manifest that starts with the line below is then completed and checked as it is written:

        # yaml-language-server: $schema=../manifest.schema.json
      """)

  @Flag(help: "Print the reference of manifests for people, as Markdown.")
  var markdown = false

  func run() throws {
    let schema = Catalog.mechanics.schema
    Console.out(markdown ? schema.markdown : schema.json.json(pretty: true) + "\n")
  }
}

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
