import ArgumentParser
import Canonical
import Cluster
import Pipeline
import Storage

/// `mechanics status`
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how far the runs are that use this cache, in any terminal or on a cluster.",
    discussion: "A run of less than a second says nothing of itself.")

  @Flag(help: "Print as JSON.")
  var json = false

  func run() throws {
    let cache = try Settings()[.cache]
    let processes = try StatusFile.all(in: cache)
    let campaigns = try File.names(in: "\(cache)/slurm").compactMap { name in
      try CampaignStatus(of: name, in: "\(cache)/slurm/\(name)")
    }
    if json {
      let here = processes.map { value, isAlive -> Value in
        var entries = value.map ?? [:]
        entries["alive"] = isAlive.map(Value.bool) ?? .null
        entries["start"] = nil
        return .map(entries)
      }
      return Console.out(Value.list(here + campaigns.map(\.value)).json(pretty: true) + "\n")
    }
    for (value, isAlive) in processes { Console.out(Status.text(value, isAlive)) }
    for campaign in campaigns { Console.out(try Status.text(campaign, cache)) }
    if processes.isEmpty, campaigns.isEmpty { Console.out("no run is under way in \(cache)\n") }
  }

  private static func text(_ value: Value, _ isAlive: Bool?) -> String {
    func number(_ key: String) -> Int { value[key]?.integer ?? 0 }
    let (executed, found, failed) = (number("executed"), number("found"), number("failed"))
    let words = value["words"]?.list?.compactMap(\.string).joined(separator: " ") ?? ""
    let host = isAlive == nil ? " on \(value["host"]?.string ?? "")" : ""
    let so = Console.clock(Double(SystemClock.now - number("began")))
    var text = "process \(number("pid"))\(host), \(so) min: mechanics \(words)\n"
    text += "  in \(value["folder"]?.string ?? "")\n"
    text += "  \(executed + found + failed) of \(number("wanted")) stages: \(executed) executed, "
    text += "\(found) reused, \(failed) failed"
    if isAlive == false { return text + "; it ended without an end: run it again to go on\n" }
    if let left = value["seconds-left"]?.double { text += ", \(Console.clock(left)) left" }
    if let stage = value["stage"]?.string { text += "; at \(stage)" }
    return text + "\n"
  }

  private static func text(_ status: CampaignStatus, _ cache: String) throws -> String {
    let note = try RunNote(in: "\(cache)/slurm/\(status.name)")
    let words = note?.words.joined(separator: " ") ?? ""
    var text = "cluster \(status.name): mechanics \(words)\n"
    if let note { text += "  in \(note.folder)\n" }
    text +=
      "  \(status.ended) of \(status.tasks) tasks ended; \(status.executed + status.found) of "
    text += "\(status.stages) stages finished, \(status.failed) failed"
    let (state, advice) =
      switch status.queue {
      case nil: ("the scheduler does not answer", "follows it to its results")
      case let queue? where queue.running + queue.waiting > 0:
        (Status.text(queue), "follows it to its results")
      case _ where status.ended == status.tasks: ("all have ended", "writes its results")
      default: ("the others are gone without an end", "submits what they left again")
      }
    return text + "; \(state)\n  'mechanics attach \(status.name)' \(advice)\n"
  }

  private static func text(_ queue: CampaignStatus.Queue) -> String {
    let troubles = queue.troubles.joined(separator: "; ")
    return "\(queue.running) tasks run, \(queue.waiting) wait"
      + (troubles.isEmpty ? "" : " (\(troubles))")
  }
}
