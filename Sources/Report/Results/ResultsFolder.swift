import Canonical
import Glibc
import Storage

/// A folder of results, such as `results/`.
package struct ResultsFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Where recorded files go that `results/` has moved on from.
  private var recordedPath: String { "\(path)/.recorded" }
  /// Where runs go that are not the experiments as stated.
  package var scratch: ResultsFolder { ResultsFolder("\(path)/.scratch") }

  /// The experiments that have results in it.
  package var experiments: [String] {
    get throws(StoreError) {
      try File.names(in: path).filter { access("\(path)/\($0)/runs.csv", F_OK) == 0 }
    }
  }

  /// Whether a file of it is there, and as new as all results and as these other files.
  package func isNewest(_ name: String, beside files: [String]) throws(StoreError) -> Bool {
    guard let own = File.changed("\(path)/\(name)") else { return false }
    var others = files
    for experiment in try experiments {
      let folder = "\(path)/\(experiment)"
      others += try File.names(in: folder).map { "\(folder)/\($0)" }
    }
    return others.allSatisfy { File.changed($0).map { $0 <= own } ?? true }
  }

  /// What was accepted; empty where nothing was.
  package func digests() throws(StoreError) -> DigestList {
    guard let bytes = try File.contents(of: "\(path)/\(DigestList.name)") else {
      return DigestList()
    }
    return DigestList(String(decoding: bytes, as: UTF8.self))
  }

  /// Writes an experiment's files; files that hold the same bytes already are left untouched, and
  /// accepted files are kept aside before they change.
  /// - Returns: the names of the files that changed.
  @discardableResult
  package func write(_ results: ExperimentResults) throws(StoreError) -> [String] {
    let digests = try digests()
    let folder = "\(path)/\(results.experiment)"
    try File.makeFolder(folder)
    try File.removeLeftovers(in: folder)
    var changed: [String] = []
    for (name, bytes) in results.files.sorted(by: { $0.key < $1.key }) {
      let file = "\(results.experiment)/\(name)"
      if let digest = digests.files[file], digest != Digest(of: bytes) {
        try keep(file, digest)
      }
      if try File.replace("\(path)/\(file)", with: bytes) { changed.append(name) }
    }
    changed += try removeFormerFigures(of: results, digests)
    return changed
  }

  /// Removes figures, with what was drawn of them, that the experiment has no longer.
  private func removeFormerFigures(
    of results: ExperimentResults, _ digests: DigestList
  ) throws(StoreError) -> [String] {
    let folder = "\(path)/\(results.experiment)"
    let suffixes = [".vl.json", ".dot"]
    var removed: [String] = []
    for name in try File.names(in: folder) where results.files[name] == nil {
      guard let suffix = suffixes.first(where: name.hasSuffix) else { continue }
      let file = "\(results.experiment)/\(name)"
      if let digest = digests.files[file] { try keep(file, digest) }
      for end in [suffix, ".svg", ".pdf"] {
        unlink("\(folder)/\(name.dropLast(suffix.count))\(end)")
      }
      removed.append(name)
    }
    return removed
  }

  /// Puts an accepted file aside, where it is still what was accepted.
  private func keep(_ file: String, _ digest: Digest) throws(StoreError) {
    guard let bytes = try File.contents(of: "\(path)/\(file)"), Digest(of: bytes) == digest else {
      return
    }
    let folder = file.prefix { $0 != "/" }
    try File.makeFolder("\(recordedPath)/\(folder)")
    try File.replace("\(recordedPath)/\(file)", with: bytes)
  }

  /// The bytes of a file as it was accepted; nil where they are no longer here.
  package func accepted(_ file: String, _ digests: DigestList) throws(StoreError) -> [UInt8]? {
    guard let digest = digests.files[file] else { return nil }
    for folder in [path, recordedPath] {
      if let bytes = try File.contents(of: "\(folder)/\(file)"), Digest(of: bytes) == digest {
        return bytes
      }
    }
    return nil
  }

  /// Records the results of experiments as the accepted ones.
  package func accept(_ results: [ExperimentResults]) throws(StoreError) {
    var digests = try digests()
    for result in results {
      try write(result)
      digests.record(result)
      try File.removeFolder("\(recordedPath)/\(result.experiment)")
    }
    try File.makeFolder(path)
    try File.removeLeftovers(in: path)
    try File.replace("\(path)/\(DigestList.name)", with: Array(digests.text.utf8))
  }
}
