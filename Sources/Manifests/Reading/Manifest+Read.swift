import Canonical

extension Manifest {
  /// Reads, checks and expands the manifest at `path`.
  ///
  /// - Parameters:
  ///   - schema: What it may say.
  ///   - overrides: `path=value` of each `--set`, in order; the values are YAML.
  /// - Throws: All that is wrong with it, not only the first.
  package static func read(
    path: String, schema: ManifestSchema, overrides: [String] = []
  ) throws(Diagnostics) -> Manifest {
    throw Diagnostics([])
  }

  /// The document as it was read, anchors and merge keys resolved: what the JSON Schema judges.
  package static func raw(path: String) throws(Diagnostics) -> Value {
    throw Diagnostics([])
  }

  /// The experiments of `manifests` whose name another one has too.
  package static func collisions(_ manifests: [Manifest]) -> [Diagnostic] { [] }
}

extension ManifestSchema {
  /// The JSON Schema (draft 2020-12) for editors.
  package var json: Value { .null }
}
