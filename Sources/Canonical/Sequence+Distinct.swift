extension Sequence {
  /// The elements without those whose key an element before them has, in order.
  package func distinct<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
    var seen: Set<Key> = []
    return filter { seen.insert(key($0)).inserted }
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order of first appearance.
  package func distinct() -> [Element] { distinct { $0 } }
}
