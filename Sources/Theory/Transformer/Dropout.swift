/// What dropout leaves of each number: 0, or 1 divided by the probability of being kept.
///
/// A probability is a multiple of 2⁻³².
package struct Dropout: Sendable {
  /// Where in a layer (or −1: before the first) numbers are dropped.
  package enum Site: String, CaseIterable, Sendable {
    case embedding, attention, output, inner, outer
  }

  /// The elements of a mask, in rows of the activations' order; nil: nothing is dropped.
  private let mask: @Sendable (Site, _ layer: Int, _ count: Int) -> [Double]?

  package init(_ mask: @escaping @Sendable (Site, _ layer: Int, _ count: Int) -> [Double]?) {
    self.mask = mask
  }

  /// Nothing is dropped.
  package static let none = Dropout { _, _, _ in nil }

  /// Drops each number with a probability, by a stream for each site, layer and iteration.
  package static func random(_ probability: Double, seed: Int, iteration: Int) -> Dropout {
    guard probability > 0 else { return .none }
    let threshold = UInt64(probability * 0x1p32)
    let scale = 0x1p32 / (0x1p32 - Double(threshold))
    return Dropout { site, layer, count in
      let stream = Stream(
        kind: "training", seed: seed, purpose: "dropout \(site.rawValue) \(layer) \(iteration)")
      let blocks = (count + 3) / 4
      var words = [UInt32](repeating: 0, count: 4 * blocks)
      stream.fill(&words, from: 0, blocks: blocks)
      return words.prefix(count).map { $0 < threshold ? 0 : scale }
    }
  }

  /// Fills `grid` with the mask of a site.
  /// - Returns: its view; nil where nothing is dropped.
  func fill(_ grid: Grid, _ site: Site, _ layer: Int) -> View? {
    guard let values = mask(site, layer, grid.rows * grid.columns) else { return nil }
    grid.elements.update(from: values, count: values.count)
    return grid.view
  }
}
