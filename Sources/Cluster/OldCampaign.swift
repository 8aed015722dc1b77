import Canonical
import Glibc
import Storage

/// A campaign on a cluster as a collection sees it: its slices, ledgers and logs, which nobody needs
/// once it has ended and what went wrong has been looked at.
package struct OldCampaign: Sendable {
  package enum Judgement: Sendable {
    /// It goes, as it has ended, or was never submitted.
    case gone(String)
    /// It is old enough to go, and stays.
    case kept(String)
    case young
  }

  /// Its folder in that of all runs on clusters, `3f9ac1d2b4/1`.
  package let name: String
  package let files: Int
  package let bytes: Int
  package let judgement: Judgement
  private let folder: String

  /// All campaigns of a cache, in the order of their names.
  /// - Parameters:
  ///   - cache: the store's folder.
  ///   - age: a campaign goes when nothing of it was written for more than so many seconds.
  package static func all(in cache: String, age: Int, now: Int) throws -> [OldCampaign] {
    let root = "\(cache)/slurm"
    return try File.names(in: root).flatMap { run in
      try File.names(in: "\(root)/\(run)").filter { Int($0) != nil }.map { number in
        try OldCampaign("\(run)/\(number)", in: "\(root)/\(run)/\(number)", age: age, now: now)
      }
    }
  }

  private init(_ name: String, in folder: String, age: Int, now: Int) throws {
    (self.name, self.folder) = (name, folder)
    let states = try File.names(in: folder).compactMap { name -> stat? in
      var status = stat()
      return lstat("\(folder)/\(name)", &status) == 0 ? status : nil
    }
    files = states.count
    bytes = states.reduce(0) { $0 + Int($1.st_size) }
    var own = stat()
    stat(folder, &own)
    let last = (states + [own]).map { Int($0.st_mtim.tv_sec) }.max() ?? now
    judgement = try now - last > age ? OldCampaign.judge(Campaign(in: folder)) : .young
  }

  /// What is not known to have ended may be running.
  private static func judge(_ campaign: Campaign?) throws -> Judgement {
    // What it is made of is written down before it is submitted.
    guard let campaign else { return .gone("it was never submitted") }
    let living = try? campaign.living(Slurm())
    if let living, !living.isEmpty {
      return .kept("the scheduler still has \(living.count) of its tasks")
    }
    if living != nil { return .gone("it has ended") }
    let open = try campaign.places.count { place in
      var ledger = Ledger.Reader(campaign.ledger(of: place))
      _ = try ledger.news()
      return !ledger.hasEnded
    }
    return open == 0
      ? .gone("it has ended")
      : .kept("\(open) of its tasks have no end, and the scheduler does not answer")
  }

  /// Removes its folder; and that of its run, where nothing else is left in it.
  package func remove() throws(StoreError) {
    try File.removeFolder(folder)
    let run = String(folder[..<folder.lastIndex(of: "/")!])
    if try !File.names(in: run).contains(where: { Int($0) != nil }) { try File.removeFolder(run) }
  }
}
