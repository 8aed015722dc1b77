/// The valid name that somebody most likely meant.
package enum Suggestion {
  /// Names longer than this get no suggestion: nobody mistypes so much.
  private static let longest = 48

  /// The name among `candidates` nearest to `name`.
  ///
  /// One slip away is best; then a candidate whose last parts are `name` (`dimension` for
  /// `data.dimension`); then the least edit distance, if at most a third of the longer name.
  package static func nearest(to name: String, among candidates: [String]) -> String? {
    guard name.utf8.count <= longest, !name.isEmpty else { return nil }
    let written = Array(name.lowercased().utf8)
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate.utf8.count <= longest {
      let limit = (max(written.count, candidate.utf8.count) + 2) / 3
      let distance = distance(written, Array(candidate.lowercased().utf8))
      if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    if let best, best.distance <= 1 { return best.name }
    return candidates.first { $0.hasSuffix("." + name) } ?? best?.name
  }

  /// The edit distance with insertions, deletions, changes and swaps of neighbours.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for i in 0..<left.count {
      var row = [i + 1] + [Int](repeating: 0, count: right.count)
      for j in 0..<right.count {
        let change = last[j] + (left[i] == right[j] ? 0 : 1)
        row[j + 1] = min(change, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          row[j + 1] = min(row[j + 1], before[j - 1] + 1)
        }
      }
      (before, last) = (last, row)
    }
    return last[right.count]
  }
}
