import ArgumentParser
import Canonical
import Stages
import Theory

/// `mechanics predict`
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict next tokens by the automaton and by a trained layer.",
    discussion: """
        mechanics predict data.json                          after every sequence of the dataset
        mechanics predict data.json --context "3 1 0"        after this context
        mechanics predict data.json --contexts other.json    after the "sequences" of another file
        mechanics predict data.json --iterations 100000 --json

      The dataset is a JSON document:
        {"embeddings": [[…]… K rows of d], "sequences": [[token ids]…], "labels": [ids]}
      Ids count from 0; the last token of a context is its query.

      The automaton keeps the tokens of highest priority (hard retrieval) and weighs them by W_fin \
      and their counts (soft composition). What its status says:
        unique      one component of the context's tokens has the highest priority
        by-margin   the data leave several, and W_svm scores one highest, by 'gap'
        ambiguous   W_svm ties too, or there is none: nothing is predicted
        unseen      no sequence of the dataset ends with this last token: nothing is predicted
      The layer is trained on the dataset by gradient descent on the log-loss; 'distance' is the \
      total-variation distance of the two.
      """)

  @Argument(
    help: "The dataset document; - for standard input.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    help: ArgumentHelp("Predict after this context; may be repeated.", valueName: "token ids"))
  var context: [String] = []

  @Option(
    help: ArgumentHelp("Predict after the \"sequences\" of this document.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var contexts: String?

  @Option(parsing: .unconditional, help: "The steps of gradient descent.")
  var iterations = 4_000

  @Option(parsing: .unconditional, help: "The size of a step.")
  var stepSize = 0.01

  @Flag(help: "Do not divide the gradient by its norm.")
  var plain = false

  @Option(help: "The seed of the initial weights.")
  var seed = 1

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard iterations > 0 else { throw ValidationError("--iterations takes a positive number") }
    guard stepSize > 0, stepSize.isFinite else {
      throw ValidationError("--step-size takes a positive number")
    }
    guard seed >= 0 else { throw ValidationError("--seed takes 0 or a positive number") }
  }

  func run() throws {
    let dataset = try Predict.document(file).dataset()
    let wanted = try wantedContexts(dataset)
    let descent = Descent(
      stepSize: stepSize, isNormalised: !plain, iterations: iterations, schedule: .log(1))
    let comparison = NextTokenComparison(dataset, by: descent, seed: seed)
    if json { return Console.out(comparison.value(of: wanted).json() + "\n") }
    if comparison.margin != "optimal" {
      Console.error("the Graph-SVM is \(comparison.margin): no prediction is by-margin")
    }
    Console.out(TextTable(Predict.table(wanted.map(comparison.row))).text)
  }

  /// Those asked for, else the dataset's own.
  private func wantedContexts(_ dataset: Dataset) throws -> [[Int]] {
    var wanted = try context.map { text throws in
      let parts = text.split { $0 == " " || $0 == "," }
      let ids = parts.compactMap { Int($0) }
      guard !ids.isEmpty, ids.count == parts.count,
        ids.allSatisfy((0..<dataset.vocabulary).contains)
      else {
        throw UsageError(
          "--context '\(text)' must be token ids from 0 to \(dataset.vocabulary - 1), as \"2 0 1\"")
      }
      return ids
    }
    if let contexts {
      wanted += try Predict.document(contexts).sequences(vocabulary: dataset.vocabulary)
    }
    return wanted.isEmpty ? dataset.sequences : wanted
  }

  private static func document(_ file: String) throws -> DatasetDocument {
    let input = try InputFile(file, for: "predict")
    return try DatasetDocument(input.bytes, of: input.name)
  }

  /// A row for each token of each context.
  private static func table(_ rows: [NextTokenComparison.Row]) -> Table {
    var table = Table(
      columns: ["context", "status", "gap", "distance", "token", "automaton", "trained"])
    for row in rows {
      let distance = row.prediction.distance(to: row.trained)
      for (number, token) in Set(row.context).sorted().enumerated() {
        let head = [
          row.context.map(String.init).joined(separator: " "), row.prediction.status.rawValue,
          text(row.prediction.gap), text(distance),
        ]
        table.append(
          (number == 0 ? head : head.map { _ in "" }) + [
            String(token), row.prediction.distribution.map { text($0[token]) } ?? "",
            text(row.trained[token]),
          ])
      }
    }
    return table
  }

  /// Four significant digits; nothing for what does not exist.
  private static func text(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return number == 0 ? "0" : "" }
    var (scale, size) = (1.0, abs(number))
    while size < 1000, scale < 1e9 { (scale, size) = (scale * 10, size * 10) }
    return Table.cell((number * scale).rounded() / scale)
  }
}
