import ArgumentParser
import Canonical

/// `mechanics config`
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print each setting and where it comes from.",
    discussion: """
      Flags come first, then the environment, then mechanics.yaml of this folder or the nearest \
      above it, then $XDG_CONFIG_HOME/mechanics/config.yaml, then defaults.
      """)

  @Flag(help: "Print as JSON.")
  var json = false

  func run() throws {
    let settings = try Settings()
    let rows =
      Settings.Name.allCases.map { settings.all[$0]! }.map {
        [$0.name.rawValue, $0.shown, $0.source, $0.name.doc]
      }
      + settings.parts.sorted { $0.key < $1.key }.map { name, part in
        let meaning = name.hasPrefix("slurm.") ? "what Slurm is asked for" : "what a stage may use"
        return [name, part.value, part.file, meaning]
      }
    if json {
      let entries = rows.map { row in
        (row[0], ["value": .string(row[1]), "source": .string(row[2])] as Value)
      }
      Console.out(Value.map(Dictionary(uniqueKeysWithValues: entries)).json(pretty: true) + "\n")
      return
    }
    Console.out(TextTable([["setting", "value", "source", "meaning"]] + rows).text)
  }
}
