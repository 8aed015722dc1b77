import Manifests
import Pipeline

extension Catalog {
  /// Every kind of stage and every model of this program: the only list of them.
  package static let mechanics = Catalog(
    kinds: [
      .data, .graphs, .margin, .descent, .finitePart, .attentionAnalysis, .local,
      .path, .decomposition, .automaton, .recovery,
      .snap, .scanSnapAnalysis,
      .vocabulary, .tokenOrder, .corpusGraphs, .corpusAnalysis,
      .transformer, .transformerAnalysis,
      .summary, .figure, .graphFigure, .claims,
    ],
    schema: ManifestSchema([.attention, .scanSnap, .corpus, .transformer]), numerics: 1)
}
