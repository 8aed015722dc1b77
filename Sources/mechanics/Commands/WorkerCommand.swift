import ArgumentParser
import Canonical
import Cluster
import Pipeline
import Report
import Stages
import Storage

/// `mechanics worker`: what the tasks of a cluster run.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Carry out one task of a campaign (started by '--executor slurm').",
    shouldDisplay: false)

  @Argument(help: "The campaign's folder.") var folder: String
  @Argument(help: "The number of the layer.") var layer: Int
  @Argument(help: "The number of the task in it.") var task: Int

  func run() async throws {
    let settings = try Settings()
    let store = try Store(at: settings[.cache])
    let worker = try Worker(folder: folder, layer: layer, task: task, .mechanics)
    var options = settings.runner
    options.jobs = Console.environment("SLURM_CPUS_PER_TASK").flatMap { Int($0) } ?? 1
    try await worker.run(on: store, options) { Console.error($0) }
  }
}
