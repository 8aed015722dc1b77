import Canonical
import Theory

/// A dataset as a JSON document:
/// `{"embeddings": [[…]…], "sequences": [[token ids]…], "labels": [ids]}`, ids from 0.
///
/// The last token of a sequence is its query; other keys are ignored.
package struct DatasetDocument {
  private let document: Value
  private let file: String

  /// - Parameter file: What errors call the document.
  package init(_ bytes: [UInt8], of file: String) throws(FormatError) {
    self.file = file
    do throws(JSONError) {
      document = try Value(readingJSON: bytes)
    } catch {
      throw FormatError("\(file):\(error)")
    }
    guard document.map != nil else { throw fault("not a JSON object") }
  }

  /// - Parameter isEmptyAllowed: Whether there may be no sequences at all.
  package func dataset(isEmptyAllowed: Bool = false) throws(FormatError) -> Dataset {
    let embeddings = try embeddings()
    let tokens = try sequences(vocabulary: embeddings.rows, isEmptyAllowed: isEmptyAllowed)
    guard let labels = document["labels"]?.list, labels.count == tokens.count else {
      throw fault("\"labels\" must be a list of \(tokens.count) token ids")
    }
    var targets: [Int] = []
    for (number, label) in labels.enumerated() {
      targets += try ids([label], embeddings.rows, "\"labels\"[\(number)]")
    }
    let dataset = Dataset(embeddings: embeddings, sequences: tokens, labels: targets)
    do { try dataset.validate(isEmptyAllowed: isEmptyAllowed) } catch { throw fault("\(error)") }
    return dataset
  }

  /// The sequences alone, of a document that need not have embeddings and labels.
  package func sequences(
    vocabulary: Int, isEmptyAllowed: Bool = false
  ) throws(FormatError) -> [[Int]] {
    guard let sequences = document["sequences"]?.list else {
      throw fault("\"sequences\" must be a list of lists of token ids")
    }
    guard isEmptyAllowed || !sequences.isEmpty else { throw fault("\"sequences\" is empty") }
    var tokens: [[Int]] = []
    for (number, sequence) in sequences.enumerated() {
      tokens.append(try ids(sequence, vocabulary, "\"sequences\"[\(number)]"))
    }
    return tokens
  }

  private func fault(_ reason: String) -> FormatError { FormatError("\(file): \(reason)") }

  private func embeddings() throws(FormatError) -> Matrix {
    guard let rows = document["embeddings"]?.list, let width = rows.first?.list?.count, width > 0
    else { throw fault("\"embeddings\" must be a list of K rows of d numbers") }
    var elements: [Double] = []
    for (number, row) in rows.enumerated() {
      let values = (row.list ?? []).compactMap(\.double)
      guard values.count == width, row.list?.count == width else {
        throw fault("\"embeddings\"[\(number)] must be \(width) numbers")
      }
      elements += values
    }
    return Matrix(rows: rows.count, columns: width, elements: elements)
  }

  private func ids(
    _ value: Value, _ vocabulary: Int, _ place: String
  ) throws(FormatError) -> [Int] {
    let ids = (value.list ?? []).compactMap(\.integer)
    guard let list = value.list, ids.count == list.count, !ids.isEmpty,
      ids.allSatisfy((0..<vocabulary).contains)
    else { throw fault("\(place) must be token ids from 0 to \(vocabulary - 1)") }
    return ids
  }
}
