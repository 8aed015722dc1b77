import ArgumentParser
import Canonical
import Report
import Stages
import Theory

/// `mechanics svm`
struct SVM: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "svm",
    abstract: "Solve the Graph-SVM of a dataset; print solution and certificate as JSON.",
    discussion: """
      The dataset is a JSON document:
        {"embeddings": [[…]… K rows of d], "sequences": [[token ids]…], "labels": [ids]}
      Ids count from 0; the last token of a sequence is its query. docs/solver.md has the formulas \
      of the certificate. Without sequences there are no constraints, and W is 0. Ends with 0 also \
      for 'infeasible', and with 1 for 'not-converged'.
      """)

  @Argument(
    help: "The dataset document; - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    name: .customLong("repeat"),
    help: "Solve so many times; the median seconds and least processor seconds are printed.")
  var repetitions = 1

  @Option(help: "How many threads share the work of a large problem; the answer does not change.")
  var threads = 1

  func validate() throws {
    guard repetitions > 0 else { throw ValidationError("--repeat takes a positive number") }
    guard threads > 0 else { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    let input = try InputFile(file, for: "svm")
    let dataset = try DatasetDocument(input.bytes, of: input.name).dataset(isEmptyAllowed: true)
    var (graphSeconds, solveSeconds): ([Double], [Double]) = ([], [])
    var processorSeconds = Double.infinity
    var graphs: [TokenPriorityGraph] = []
    var solution: GraphSVM.Solution?
    let workers = Workers(count: threads)
    let clock = ContinuousClock()
    for _ in 0..<repetitions {
      let processorStart = Machine.processorSeconds
      let start = clock.now
      graphs = TokenPriorityGraph.all(of: dataset)
      let middle = clock.now
      solution = GraphSVM.solve(
        embeddings: dataset.embeddings, graphs: graphs, workers: workers)
      processorSeconds = min(processorSeconds, Machine.processorSeconds - processorStart)
      graphSeconds.append((middle - start) / .seconds(1))
      solveSeconds.append((clock.now - middle) / .seconds(1))
    }
    var document = MarginDocument.value(solution!)
    document["components"] = .list(
      graphs.map { graph in
        [
          "last": .integer(graph.lastToken),
          "components": .list(graph.components.map { .list($0.map(Value.integer)) }),
        ]
      })
    document["seconds"] = [
      "graph": .number(graphSeconds.sorted()[repetitions / 2]),
      "solve": .number(solveSeconds.sorted()[repetitions / 2]),
    ]
    document["processorSeconds"] = .number(processorSeconds)
    Console.out(Value.map(document).json() + "\n")
    if document["status"] == "not-converged" { throw ExitCode(.stageOrClaim) }
  }
}
