import Theory

/// Token-priority graphs in Graphviz's language, each in a frame of its own.
///
/// Higher priority stands above lower. A shaded box is a component of several tokens, which share one
/// priority. Grey arrows follow from others: they are not in the transitive reduction.
package struct GraphDocument {
  /// The kind of stage that puts out what is drawn.
  package static let kind = "tpg"
  package static let output = GraphsFile.name

  private let graphs: [TokenPriorityGraph]
  private let title: String?

  init(_ graphs: [TokenPriorityGraph], title: String?) {
    (self.graphs, self.title) = (graphs, title)
  }

  /// The first graphs of a run that have no more edges than this together; nil if not even one has.
  package init?(bytes: [UInt8], edges limit: Int) throws {
    var rest = limit
    let graphs = try GraphsFile.graphs(bytes).prefix { graph in
      rest -= graph.edges.count
      return rest >= 0
    }
    if graphs.isEmpty { return nil }
    self.init(Array(graphs), title: nil)
  }

  package var text: String {
    let heading = title.map { "  label=\(GraphDocument.quoted($0)); labelloc=t; labeljust=l;\n" }
    return """
      digraph tpg {
        graph [rankdir=TB, margin=0, pad=0.06, nodesep=0.2, ranksep=0.3, fontname="Liberation Sans", fontsize=9];
        node [shape=circle, width=0.28, fixedsize=true, fontname="Liberation Sans", fontsize=9,
          color="#333333", penwidth=0.8, style=filled, fillcolor=white];
        edge [arrowsize=0.5, color="#333333", penwidth=0.8];
      \(heading ?? "")\(graphs.map(frame).joined())}

      """
  }

  private func frame(_ graph: TokenPriorityGraph) -> String {
    let last = graph.lastToken
    func node(_ token: Int) -> String { "t\(last)_\(token)" }
    // An unseen box around the frame keeps it from the next one.
    var text = "  subgraph cluster_around_\(last) { label=\"\"; peripheries=0; margin=4;\n"
    text += "  subgraph cluster_\(last) {\n"
    text += "    label=\"last token \(last)\"; color=\"#bbbbbb\"; peripheries=1; margin=8;\n"
    let components = Dictionary(grouping: graph.tokens) { graph.component(of: $0)! }
    for (number, tokens) in components.sorted(by: { $0.key < $1.key }) {
      let nodes = tokens.map { "\(node($0)) [label=\"\($0)\"];" }.joined(separator: " ")
      text +=
        tokens.count == 1
        ? "    \(nodes)\n"
        : "    subgraph cluster_\(last)_\(number) { label=\"\"; peripheries=1; margin=6; "
          + "style=\"rounded,filled\"; color=\"#0072b2\"; fillcolor=\"#dcecf6\"; \(nodes) }\n"
    }
    let reduced = Set(graph.reducedEdges)
    for edge in graph.edges {
      let (from, to) = (graph.component(of: edge.from)!, graph.component(of: edge.to)!)
      let isImplied =
        from != to && !reduced.contains(TokenPriorityGraph.Edge(from: from, to: to))
      let style =
        from == to ? " [color=\"#0072b2\"]" : isImplied ? " [color=\"#b0b0b0\", style=dashed]" : ""
      text += "    \(node(edge.from)) -> \(node(edge.to))\(style);\n"
    }
    return text + "  } }\n"
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
