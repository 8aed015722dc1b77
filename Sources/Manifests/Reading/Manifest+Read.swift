import Canonical

extension Manifest {
  /// Reads, checks and expands the manifest at `path`.
  ///
  /// - Parameters:
  ///   - path: The file; errors name it so, and the files it names are relative to its folder.
  ///   - schema: What it may say.
  ///   - overrides: `path=value` of each `--set`, in order; the values are YAML.
  /// - Throws: All that is wrong with it, not only the first.
  package static func read(
    path: String, schema: ManifestSchema, overrides: [String] = []
  ) throws(Diagnostics) -> Manifest {
    try read(
      bytes(path), file: path, schema: schema, overrides: overrides, isFile: Folder.isFile)
  }

  /// Reads a manifest from memory, as ``read(path:schema:overrides:)`` does from a file.
  ///
  /// - Parameter isFile: Whether there is a file at a location, for the files that it names.
  package static func read(
    _ bytes: [UInt8], file: String, schema: ManifestSchema, overrides: [String] = [],
    isFile: @escaping @Sendable (String) -> Bool
  ) throws(Diagnostics) -> Manifest {
    var (root, diagnostics) = try document(bytes, file: file)
    for override in overrides { diagnostics += Override(override).apply(to: &root) }
    var reader = ManifestReader(
      schema: schema, root: root, folder: Folder(of: file, isFile: isFile),
      overrides: overrides.map { Override($0) })
    let manifest = reader.read(file: file)
    diagnostics += reader.checker.diagnostics
    guard let manifest, diagnostics.isEmpty else { throw Diagnostics(diagnostics) }
    return manifest
  }

  /// The document as it was read, anchors and merge keys resolved: what the JSON Schema judges.
  package static func raw(path: String) throws(Diagnostics) -> Value {
    try raw(bytes(path), file: path)
  }

  /// The document in memory as ``raw(path:)`` gives it.
  package static func raw(_ bytes: [UInt8], file: String) throws(Diagnostics) -> Value {
    let (root, diagnostics) = try document(bytes, file: file)
    guard diagnostics.isEmpty else { throw Diagnostics(diagnostics) }
    return root.value
  }

  /// The tree of a file, with what is wrong in it as YAML.
  static func document(
    _ bytes: [UInt8], file: String
  ) throws(Diagnostics) -> (Node, [Diagnostic]) {
    let text: SourceText
    do throws(Diagnostic) {
      text = try SourceText(bytes, file: file)
    } catch {
      throw Diagnostics([error])
    }
    let document = Document(text)
    guard let root = document.root else { throw Diagnostics(document.diagnostics) }
    return (root, document.diagnostics)
  }

  static func bytes(_ path: String) throws(Diagnostics) -> [UInt8] {
    do throws(Diagnostic) {
      return try SourceText.bytes(of: path)
    } catch {
      throw Diagnostics([error])
    }
  }

  /// The experiments of `manifests` whose name an earlier one has, each as an error.
  package static func collisions(_ manifests: [Manifest]) -> [Diagnostic] {
    var first: [String: String] = [:]
    return manifests.compactMap { manifest in
      guard let other = first.updateValue(manifest.file, forKey: manifest.experiment) else {
        return nil
      }
      first[manifest.experiment] = other
      return Diagnostic(
        manifest.place, "the experiment '\(manifest.experiment)' is also that of \(other)")
    }
  }
}
