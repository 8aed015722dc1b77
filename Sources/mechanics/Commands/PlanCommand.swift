import ArgumentParser
import Canonical
import Pipeline

/// `mechanics plan`
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Count the stages that are cached, would run, or are unknown yet.",
    discussion: """
      A stage is unknown while stages before it have not run: its key depends on what they put out.

        mechanics plan --why    and for what reasons stages would run
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, dot }

  @OptionGroup var manifests: ManifestOptions

  @Option(help: "How to print the plan; in 'dot' a sweep is one node with counts.")
  var format: Format = .text

  @Flag(help: "Say why stages would run: those of a kind with one reason together.")
  var why = false

  func validate() throws {
    guard !why || format != .dot else {
      throw ValidationError("--why is told as text or JSON, not in 'dot'")
    }
  }

  func run() async throws {
    let session = try Session(manifests, Settings())
    let report = PlanReport(session.plan, session.store)
    let reasons = why ? Reasons(session.plan, session.store) : nil
    switch format {
    case .text:
      report.printText()
      for line in reasons?.lines(session.plan) ?? [] { Console.out(line + "\n") }
    case .json:
      var value = report.value.map ?? [:]
      value["why"] = reasons?.value(session.plan)
      Console.out(Value.map(value).json(pretty: true) + "\n")
    case .dot: Console.out(report.dot())
    }
  }
}
