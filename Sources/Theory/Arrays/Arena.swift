/// Memory for the arrays of one problem, freed all at once.
///
/// Small problems are bound by allocations, and each standard array of a variable length looks its
/// type up, counts references and checks bounds besides. For one thread at a time.
final class Arena {
  private var block: UnsafeMutableRawPointer
  private var free = Arena.size
  /// Blocks that are full.
  private var full: [UnsafeMutableRawPointer] = []

  /// The bytes of a block that is not asked for more; no allocator maps fresh pages for so few.
  private static let size = 1 << 16
  /// Bytes of a cache line. Every array begins with one, so that a vector of a line lies in one.
  private static let line = 64

  init() { block = .allocate(byteCount: Arena.size, alignment: Arena.line) }

  deinit {
    for block in full { block.deallocate() }
    block.deallocate()
  }

  /// An array of `count` elements, not initialised.
  func array<Element: BitwiseCopyable>(
    _ count: Int, of _: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> {
    let lines = (count * MemoryLayout<Element>.stride + Arena.line - 1) / Arena.line
    return take(lines * Arena.line).bindMemory(to: Element.self, capacity: count)
  }

  /// An array of `count` zeros.
  func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
    let result = array(count, of: Double.self)
    result.initialize(repeating: 0, count: count)
    return result
  }

  private func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    if bytes > free {
      let size = max(bytes, Arena.size)
      full.append(block)
      block = .allocate(byteCount: size, alignment: Arena.line)
      // Arrays are cut off the end, so that `free` is all there is to remember.
      free = size
    }
    free -= bytes
    return block + free
  }
}
