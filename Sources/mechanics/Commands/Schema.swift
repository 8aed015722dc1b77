import ArgumentParser
import Canonical
import Manifests
import Pipeline
import Stages

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
