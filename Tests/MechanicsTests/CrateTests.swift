import Canonical
import Glibc
import TestSupport
import Testing

/// The RO-Crate of an experiment's results.
struct CrateTests {
  private func crate() throws -> Sandbox {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let exit = try sandbox.run("export", "--crate", "small", "--to", "crate")
    guard exit.code == 0 else { throw Failure("\(exit)") }
    return sandbox
  }

  @Test func everyFileIsInItWithItsDigest() throws {
    let sandbox = try crate()
    let metadata = Value(json: try sandbox.folder.bytes("project/crate/ro-crate-metadata.json"))
    let graph = try #require(metadata?["@graph"]?.list)
    var digests: [String: String] = [:]
    for entity in graph {
      if let sha = entity["sha256"]?.string { digests[entity["@id"]!.string!] = sha }
    }
    let files = try sandbox.folder.files("project/crate").filter { !$0.key.hasPrefix("ro-crate") }
    #expect(files.mapValues { Digest(of: $0).hex } == digests)
    #expect(digests.keys.contains("manifest.yaml") && digests.keys.contains("runs.csv"))
  }

  @Test func everyReferenceIsDescribed() throws {
    let sandbox = try crate()
    let metadata = Value(json: try sandbox.folder.bytes("project/crate/ro-crate-metadata.json"))
    let graph = try #require(metadata?["@graph"]?.list)
    let described = Set(graph.compactMap { $0["@id"]?.string })
    #expect(described.count == graph.count, "two entities have one name")
    func references(_ value: Value) -> [String] {
      if let list = value.list { return list.flatMap(references) }
      guard let map = value.map else { return [] }
      return map.count == 1 ? [map["@id"]?.string].compactMap(\.self) : []
    }
    for entity in graph {
      for (_, value) in entity.map! {
        for reference in references(value) where reference != "https://w3id.org/ro/crate/1.1" {
          #expect(described.contains(reference), "\(reference) is not described")
        }
      }
    }
  }

  @Test(.enabled(if: getenv("CI") != nil, "it takes a Python with roc-validator"))
  func theValidatorFindsNothing() throws {
    let sandbox = try crate()
    let python = try Python.with(["rocrate_validator"])
    let script = "\(Sandbox.package)/Tests/MechanicsTests/Page/check_crate.py"
    let exit = try sandbox.system(python.path, script, "crate")
    #expect(exit.code == 0, "\(exit)")
  }
}
