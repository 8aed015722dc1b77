import Foundation
import Theory

/// One size of the descent benchmark, drawn from seed 1.
struct DescentProblem {
  let name: String
  /// n, T, K, d.
  let shape: [Int]
  /// The steps of one timed run.
  let steps: Int
  /// The microseconds of an iteration that are wanted.
  let wanted: Double
  private let dataset: Dataset
  private let initial: Matrix

  init(
    _ name: String, _ sequences: Int, _ length: Int, _ vocabulary: Int, _ dimension: Int,
    steps: Int, wanted: Double
  ) {
    (self.name, self.steps, self.wanted) = (name, steps, wanted)
    shape = [sequences, length, vocabulary, dimension]
    let design = DatasetDesign(
      sequences: sequences, length: length, vocabulary: vocabulary, dimension: dimension,
      embedding: .unitRandom)
    dataset = try! design.draw(seed: 1)
    var stream = Stream(kind: "benchmark", seed: 1, purpose: "initial")
    initial = InitialWeights.default.weights(
      dimension: dimension,
      draws: (0..<dimension * dimension).map { _ in stream.uniform() })
  }

  var title: String { "\(name) (\(shape.map(String.init).joined(separator: ", ")))" }

  /// The plain loop would hold n × T × d numbers several times: some 40 GB at XL.
  func isTooLarge(for peer: String) -> Bool { name == "XL" && peer.hasPrefix("torch-loop") }

  /// Writes the problem and our first ten steps, for descent.py.
  func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func write<Number>(_ numbers: [Number], _ name: String) throws {
      try numbers.withUnsafeBytes { Data($0) }.write(to: folder.appendingPathComponent(name))
    }
    let ours = descent(10).run(Contexts(dataset), from: initial)
    try Data("\(shape)".utf8).write(to: folder.appendingPathComponent("shape.json"))
    try write(dataset.embeddings.elements, "embeddings")
    try write(dataset.sequences.flatMap { $0 }, "sequences")
    try write(dataset.labels, "labels")
    try write(initial.elements, "initial")
    try write(ours.final.elements + ours.losses + ours.gradientNorms, "ours")
  }

  /// The processor microseconds of an iteration, from the best of the runs that fit into `seconds`.
  ///
  /// What a run of no steps takes is subtracted; of both kinds the best counts.
  func microseconds(
    for seconds: Double, loss: Loss = .log, head: Head = .tied
  ) -> Double {
    let contexts = Contexts(dataset)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var (short, long) = (Double.infinity, Double.infinity)
    repeat {
      short = min(short, time(0, contexts, loss, head))
      long = min(long, time(steps, contexts, loss, head))
    } while clock.now < end
    return (long - short) / Double(steps) * 1e6
  }

  /// The wall microseconds of an iteration with one thread and with two, in turn, from the best runs,
  /// and whether both gave the same bits.
  func threads(for seconds: Double) -> (one: Double, two: Double, isSame: Bool) {
    let contexts = Contexts(dataset)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    let teams = [Workers.alone, Workers(count: 2)]
    var (short, long) = ([Double.infinity, .infinity], [Double.infinity, .infinity])
    var isSame = true
    repeat {
      var results: [Trajectory] = []
      for (index, team) in teams.enumerated() {
        short[index] = min(short[index], clock.measure { _ = run(0, contexts, team) } / .seconds(1))
        long[index] = min(
          long[index], clock.measure { results.append(run(steps, contexts, team)) } / .seconds(1))
      }
      isSame = isSame && results[0] == results[1]
    } while clock.now < end
    let times = [0, 1].map { (long[$0] - short[$0]) / Double(steps) * 1e6 }
    return (times[0], times[1], isSame)
  }

  /// The processor seconds of a run.
  private func time(
    _ iterations: Int, _ contexts: Contexts, _ loss: Loss, _ head: Head
  ) -> Double {
    let start = Self.now
    _ = run(iterations, contexts, .alone, loss, head)
    return Self.now - start
  }

  /// A run that records loss and gradient norm at each iteration.
  private func run(
    _ iterations: Int, _ contexts: Contexts, _ workers: Workers, _ loss: Loss = .log,
    _ head: Head = .tied
  ) -> Trajectory {
    var descent = descent(iterations)
    (descent.loss, descent.head) = (loss, head)
    descent.keepsWeights = false
    return descent.run(contexts, from: initial, workers: workers)
  }

  private func descent(_ iterations: Int) -> Descent {
    Descent(stepSize: 0.01, isNormalised: true, iterations: iterations, schedule: .every(1))
  }

  /// The processor seconds of `W_fin`, from the best of three times.
  var finitePartSeconds: Double {
    let (graphs, contexts) = (TokenPriorityGraph.all(of: dataset), Contexts(dataset))
    let components = graphs.components(vocabulary: dataset.vocabulary)
    return (0..<3).map { _ in
      let start = Self.now
      let subspace = CyclicSubspace(embeddings: dataset.embeddings, components: components)
      _ = FinitePart(contexts, components: components, in: subspace)
      return Self.now - start
    }.min()!
  }

  /// Processor seconds of this program.
  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
