import Canonical
import Theory

/// A dataset as a JSON document:
/// `{"embeddings": [[…]…], "sequences": [[token ids]…], "labels": [ids]}`, ids from 0.
///
/// The last token of a sequence is its query; other keys are ignored.
package enum DatasetDocument {
  package static func dataset(_ bytes: [UInt8]) throws(FormatError) -> Dataset {
    let document = try document(bytes)
    let embeddings = try embeddings(document)
    let tokens = try sequences(document, embeddings.rows)
    guard let labels = document["labels"]?.list, labels.count == tokens.count else {
      throw FormatError("\"labels\" must be a list of \(tokens.count) token ids")
    }
    var targets: [Int] = []
    for (number, label) in labels.enumerated() {
      targets += try ids([label], embeddings.rows, "\"labels\"[\(number)]")
    }
    let dataset = Dataset(embeddings: embeddings, sequences: tokens, labels: targets)
    do { try dataset.validate() } catch { throw FormatError(error.description) }
    return dataset
  }

  /// The sequences alone, of a document that need not have embeddings and labels.
  package static func sequences(
    _ bytes: [UInt8], vocabulary: Int
  ) throws(FormatError) -> [[Int]] {
    try sequences(document(bytes), vocabulary)
  }

  private static func document(_ bytes: [UInt8]) throws(FormatError) -> Value {
    guard let document = Value(json: bytes), document.map != nil else {
      throw FormatError("not a JSON object")
    }
    return document
  }

  private static func sequences(
    _ document: Value, _ vocabulary: Int
  ) throws(FormatError) -> [[Int]] {
    guard let sequences = document["sequences"]?.list, !sequences.isEmpty else {
      throw FormatError("\"sequences\" must be a list of lists of token ids")
    }
    var tokens: [[Int]] = []
    for (number, sequence) in sequences.enumerated() {
      tokens.append(try ids(sequence, vocabulary, "\"sequences\"[\(number)]"))
    }
    return tokens
  }

  private static func embeddings(_ document: Value) throws(FormatError) -> Matrix {
    guard let rows = document["embeddings"]?.list, let width = rows.first?.list?.count, width > 0
    else { throw FormatError("\"embeddings\" must be a list of K rows of d numbers") }
    var elements: [Double] = []
    for (number, row) in rows.enumerated() {
      let values = (row.list ?? []).compactMap(\.double)
      guard values.count == width, row.list?.count == width else {
        throw FormatError("\"embeddings\"[\(number)] must be \(width) numbers")
      }
      elements += values
    }
    return Matrix(rows: rows.count, columns: width, elements: elements)
  }

  private static func ids(
    _ value: Value, _ vocabulary: Int, _ place: String
  ) throws(FormatError) -> [Int] {
    let ids = (value.list ?? []).compactMap(\.integer)
    guard let list = value.list, ids.count == list.count, !ids.isEmpty,
      ids.allSatisfy((0..<vocabulary).contains)
    else { throw FormatError("\(place) must be token ids from 0 to \(vocabulary - 1)") }
    return ids
  }
}
