import ArgumentParser
import Canonical
import Manifests

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
