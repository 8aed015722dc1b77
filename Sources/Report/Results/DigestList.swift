import Canonical

/// `results/digests.txt`: what was accepted.
///
/// Lines that `sha256sum -c` takes inside `results/`, sorted by path; then, as comments, the digest
/// of each experiment's manifest and the versions of the stages that made its numbers.
package struct DigestList: Hashable, Sendable {
  package static let name = "digests.txt"

  /// The digest of each file, by its path inside `results/`.
  package var files: [String: Digest] = [:]
  /// The digest of each experiment's manifest.
  package var manifests: [String: Digest] = [:]
  /// For each experiment the version of each kind of stage, and of the numerics.
  package var versions: [String: [String: Int]] = [:]

  package init() {}

  /// Reads the text; lines that are neither are ignored.
  package init(_ text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words.count == 2, let digest = Digest(hex: words[0]) {
        files[words[1]] = digest
      } else if words.count == 4, words[1] == "manifest", let digest = Digest(hex: words[2]) {
        manifests[words[3]] = digest
      } else if words.count > 3, words[1] == "versions" {
        versions[words[2]] = Dictionary(
          words.dropFirst(3).compactMap(DigestList.version), uniquingKeysWith: { $1 })
      }
    }
  }

  private static func version(_ word: String) -> (String, Int)? {
    let parts = word.split(separator: "@")
    guard parts.count == 2, let number = Int(parts[1]) else { return nil }
    return (String(parts[0]), number)
  }

  package var text: String {
    var lines = files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "\($0.value.hex)  \($0.key)" }
    for (experiment, digest) in manifests.sorted(by: { $0.key < $1.key }) {
      lines.append("# manifest \(digest.hex) \(experiment)")
    }
    for (experiment, versions) in versions.sorted(by: { $0.key < $1.key }) {
      let words = versions.sorted { $0.key < $1.key }.map { "\($0.key)@\($0.value)" }
      lines.append("# versions \(experiment) \(words.joined(separator: " "))")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Records an experiment's results, in place of what was recorded of it.
  package mutating func record(_ results: ExperimentResults) {
    let prefix = "\(results.experiment)/"
    files = files.filter { !$0.key.hasPrefix(prefix) }
    for (name, bytes) in results.files { files[prefix + name] = Digest(of: bytes) }
    manifests[results.experiment] = results.manifestDigest
    versions[results.experiment] = results.versions
  }
}
