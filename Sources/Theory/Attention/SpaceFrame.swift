/// What every space of descent has of its contexts: their embeddings, and tables of the scores and
/// of the derivatives by them.
final class SpaceFrame {
  let vocabulary: Int
  let dimension: Int
  /// q, the rows of both tables.
  let rows: Int
  /// K in whole vectors of eight: the columns of both tables; those from K on stay zero.
  let columns: Int
  let workers: Workers
  /// E (K × d), E_Q (q × d).
  let embeddings: Rows
  let lastEmbeddings: Rows
  /// `S` and `G̃`, q × columns.
  let scores: Rows
  let coefficients: Rows
  /// What these point to, kept alive.
  private let blocks: [Block]

  init(_ contexts: Contexts, _ workers: Workers) {
    (vocabulary, dimension) = (contexts.vocabulary, contexts.dimension)
    rows = contexts.lastTokens.count
    columns = SpaceFrame.columns(vocabulary)
    self.workers = workers
    let (wide, narrow) = (SpaceFrame.stride(columns), SpaceFrame.stride(dimension))
    blocks = [
      Block(contexts.embeddings, stride: narrow), Block(contexts.lastEmbeddings, stride: narrow),
      Block(count: rows * wide), Block(count: rows * wide),
    ]
    embeddings = Rows(blocks[0].pointer, stride: narrow)
    lastEmbeddings = Rows(blocks[1].pointer, stride: narrow)
    scores = Rows(blocks[2].pointer, stride: wide)
    coefficients = Rows(blocks[3].pointer, stride: wide)
  }

  /// A row of K scores in whole vectors of eight.
  static func columns(_ vocabulary: Int) -> Int { (vocabulary + 7) / 8 * 8 }

  /// From one row of a matrix to the next: columns, and a vector more where rows one below the other
  /// would all meet in few sets of the first-level cache (2 KiB apart or a multiple).
  static func stride(_ columns: Int) -> Int { columns % 256 == 0 ? columns + 8 : columns }
}
