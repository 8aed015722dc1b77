import Report

extension Verdict {
  /// Whether the results are not those that were recorded.
  var isMismatch: Bool {
    switch self {
    case .equal, .notRecorded: false
    case .manifestChanged, .differs: true
    }
  }

  /// The verdict for people; nothing where all is equal.
  func lines(of experiment: String) -> [String] {
    switch self {
    case .equal: []
    case .notRecorded:
      ["\(experiment): not recorded yet; 'mechanics accept' records its results"]
    case .manifestChanged(let changes):
      ["\(experiment): the manifest changed since its results were recorded"]
        + changes.prefix(12).map { "  \($0)" }
        + (changes.count > 12 ? ["  and \(changes.count - 12) more"] : [])
        + (changes.isEmpty ? ["  its text and its results changed"] : [])
        + ["  'mechanics accept' records it anew"]
    case .differs(let difference):
      ["\(experiment): results differ from the recorded ones"] + difference.lines
    }
  }
}

extension Verdict.Difference {
  fileprivate var lines: [String] {
    var lines: [String] = []
    for (kind, recorded, now) in versions {
      lines.append(
        "  version of \(kind): \(recorded.map(String.init) ?? "none") -> "
          + "\(now.map(String.init) ?? "none"), so other results are to be expected")
    }
    if let first {
      lines.append("  the runs part first at stage \(first.kind) of \(first.run)")
    }
    if let runs { lines.append("  \(runs.parting) of \(runs.all) runs differ") }
    for change in numbers { lines.append("  \(change.column) of \(change.row): \(change)") }
    if first == nil && lost.isEmpty {
      lines.append("  every run's stages are as recorded; these files differ:")
      lines += files.map { "    \($0)" }
    }
    for file in lost {
      lines.append("  \(file) is no longer what was recorded: 'git checkout' it to see more")
    }
    return lines + ["  'mechanics accept' records the results anew"]
  }
}
