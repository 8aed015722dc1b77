import Canonical
import Theory

/// The automaton of one run in Graphviz's language: a state a token, and an arrow from the last token
/// of contexts to the next, with the mean probability that the automaton gives it after the training
/// contexts that end so.
package struct AutomatonDocument {
  /// More states than these cannot be read at a glance.
  private static let limit = 16
  /// Less probable arrows are left out.
  private static let least = 0.005

  /// The mean probability of token j at [k][j]; nil where no training context that ends with k has a
  /// prediction.
  private let transitions: [[Double]?]

  /// - Parameter read: the output of that name of the run's stage of a kind; nil where it is not here.
  /// - Returns: nil where an output is missing, or there are too many tokens.
  package init?(_ read: (_ kind: String, _ output: String) throws -> [UInt8]?) throws {
    guard let data = try read("data", DatasetFile.name),
      let graphs = try read(GraphDocument.kind, GraphsFile.name),
      let solution = try read("svm", MarginFile.name),
      let finitePart = try read("fin", FinitePartFile.name)
    else { return nil }
    let dataset = try DatasetFile.dataset(data)
    guard dataset.vocabulary <= AutomatonDocument.limit else { return nil }
    let margin = try MarginFile(bytes: solution)
    let automaton = Automaton(
      embeddings: dataset.embeddings, graphs: try GraphsFile.graphs(graphs),
      margin: margin.status == "optimal" ? margin.weights : nil,
      finitePart: try FinitePartFile.weights(finitePart))
    transitions = AutomatonDocument.transitions(automaton, dataset)
  }

  private static func transitions(_ automaton: Automaton, _ dataset: Dataset) -> [[Double]?] {
    (0..<dataset.vocabulary).map { last in
      let distributions = dataset.sequences.filter { $0.last == last }
        .compactMap { automaton.prediction(of: $0).distribution }
      if distributions.isEmpty { return nil }
      return (0..<dataset.vocabulary).map { token in
        distributions.reduce(0) { $0 + $1[token] } / Double(distributions.count)
      }
    }
  }

  package var text: String {
    var text = """
      digraph automaton {
        graph [rankdir=LR, margin=0, pad=0.06, nodesep=0.25, ranksep=0.45];
        node [shape=circle, width=0.3, fixedsize=true, fontname="Liberation Sans", fontsize=9,
          color="#333333", penwidth=0.8];
        edge [arrowsize=0.5, color="#333333", fontname="Liberation Sans", fontsize=8];

      """
    for (last, row) in transitions.enumerated() {
      text += row == nil ? "  \(last) [style=dashed, color=\"#999999\"];\n" : "  \(last);\n"
      for (token, probability) in (row ?? []).enumerated()
      where probability >= AutomatonDocument.least {
        let label = Decimal.text((probability * 100).rounded() / 100) ?? ""
        let width = Decimal.text(((0.4 + 1.6 * probability) * 100).rounded() / 100) ?? "1"
        text += "  \(last) -> \(token) [label=\"\(label)\", penwidth=\(width)];\n"
      }
    }
    return text + "}\n"
  }
}
