import Canonical
import Manifests
import Theory

/// What the files that an attention manifest names have to be: found out when the manifest is read,
/// not by the stage that uses them.
extension ModelFamily {
  /// The parameters that state the size of the embeddings.
  static let embeddingSizes = ["data.vocabulary", "data.dimension"]
  /// The parameters that state the sizes of a dataset.
  static let datasetSizes = ["data.vocabulary", "data.dimension", "data.length", "data.sequences"]

  @Sendable
  static func givenDatasetFits(_ cell: Parameters, _ files: Rule.Files) -> [Violation] {
    guard let path = cell["data.structure"]["given"]?.string, let bytes = files(path) else {
      return []
    }
    do throws(FormatError) {
      let dataset = try DatasetDocument(bytes, of: path).dataset()
      try dataset.check(sizes: datasetSizes.map { cell[$0].integer! }, of: path)
    } catch {
      return [Violation("data.structure", error.description)]
    }
    return []
  }

  @Sendable
  static func givenEmbeddingsFit(_ cell: Parameters, _ files: Rule.Files) -> [Violation] {
    guard let path = cell["data.embedding"]["given"]?.string, let bytes = files(path) else {
      return []
    }
    let (tokens, dimension) = (cell["data.vocabulary"].integer!, cell["data.dimension"].integer!)
    do {
      let embedding = Embedding.given(try NumPyArray(bytes: bytes).matrix())
      var unused = Stream(kind: "data", seed: 0, purpose: "embeddings")
      _ = try embedding.draw(vocabulary: tokens, dimension: dimension, from: &unused)
    } catch {
      return [Violation("data.embedding", "\(path): \(error)")]
    }
    return []
  }
}

extension Dataset {
  /// Checks a given dataset against the sizes that the manifest states, in the order of
  /// `ModelFamily.datasetSizes`.
  func check(sizes: [Int], of file: String) throws(FormatError) {
    let lengths = Set(sequences.map(\.count)).sorted()
    guard [vocabulary, dimension, sequences.count] == [sizes[0], sizes[1], sizes[3]],
      lengths == [sizes[2]]
    else {
      throw FormatError(
        "\(file): the given dataset has vocabulary \(vocabulary), dimension \(dimension), "
          + "\(sequences.count) sequences of length \(lengths); the manifest says \(sizes[0]), "
          + "\(sizes[1]), \(sizes[3]) and \(sizes[2])")
    }
  }
}

extension NumPyArray {
  /// The rows of an array of two dimensions.
  func matrix() throws(FormatError) -> Matrix {
    guard shape.count == 2 else { throw FormatError("the given embeddings are no matrix") }
    return Matrix(rows: shape[0], columns: shape[1], elements: values)
  }
}
