import Canonical
import TestSupport
import Testing

/// What the program accepts the printed schema accepts; errors of name, type, enumeration and range
/// it rejects as the program does.
struct SchemaAgreementTests {
  /// Changes of `small` that make it malformed in a way that a schema can express.
  private static let faults: [String: (String, String)] = [
    "unknown-key": ("seeds:", "sead:"),
    "unknown-parameter": ("length: 3", "lenght: 3"),
    "missing-parameter": ("vocabulary: 4, ", ""),
    "missing-title": ("title: A small experiment\n", ""),
    "type-integer": ("vocabulary: 4", "vocabulary: four"),
    "type-real": ("vocabulary: 4", "vocabulary: 4.5"),
    "type-list": ("iterations: 20", "iterations: [20]"),
    "range-low": ("vocabulary: 4", "vocabulary: 0"),
    "range-high": ("dimension: 4", "dimension: 65537"),
    "structure": ("structure: acyclic", "structure: acylic"),
    "embedding": ("sequences: 3", "sequences: 3, embedding: {equicorrelated: 1.0}"),
    "two-choices": ("{every: 10}", "{every: 10, log: 10}"),
    "experiment": ("experiment: small", "experiment: Small!"),
    "model": ("title:", "model: perceptron\ntitle:"),
    "metric": ("metric: norm", "metric: norn"),
    "statistic": ("statistic: share", "statistic: proportion"),
    "no-threshold": (", equals: 1", ""),
    "two-thresholds": ("equals: 1", "equals: 1, at-least: 0"),
    "seeds": ("seeds: 1..3", "seeds: many"),
    "swept-value": ("[0.1, 0.01]", "[0.1, small]"),
    "swept-path": ("train.step.size:", "train.step.length:"),
    "figure-kind": ("name: curve", "kind: pie, name: curve"),
    "figure-name": ("name: curve, ", ""),
    "claims": ("says: \"W grows\", ", ""),
  ]

  @Test func programAndSchemaAgree() throws {
    let python = try Python.with(["jsonschema"])
    let sandbox = try Sandbox()
    try sandbox.write("schema.json", try sandbox.run("schema").out)
    for folder in ["manifests", "Tests/MechanicsTests/Variants"] {
      for name in Folder.names("\(Sandbox.package)/\(folder)") where name.hasSuffix(".yaml") {
        let exit = try sandbox.run("show", "--raw", "\(Sandbox.package)/\(folder)/\(name)")
        try sandbox.write("documents/accepted/\(name).json", exit.out)
      }
    }
    for (name, (old, new)) in SchemaAgreementTests.faults {
      try sandbox.write("\(name).yaml", Example.small)
      try sandbox.edit("\(name).yaml", old, new)
      #expect(try sandbox.run("validate", "\(name).yaml").code == 2, "\(name)")
      let exit = try sandbox.run("show", "--raw", "\(name).yaml")
      try sandbox.write("documents/rejected/\(name).json", exit.out)
    }
    let script = "\(Sandbox.package)/Tests/ManifestsTests/check_schema.py"
    let exit = try sandbox.system(python.path, script, "schema.json", "documents")
    #expect(exit.code == 0, "\(exit)")
  }
}
