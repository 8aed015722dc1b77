import Canonical
import Testing
import Theory

@testable import Stages

/// Dataset documents are read whole, or refused with what is wrong.
struct DatasetDocumentTests {
  private func fault(_ text: String) -> String {
    do throws(FormatError) {
      _ = try DatasetDocument(Array(text.utf8), of: "x").dataset()
      return ""
    } catch {
      return error.description
    }
  }

  @Test func aGoodOneIsReadAndOtherKeysAreIgnored() throws {
    let document = try DatasetDocument(
      Array(
        """
        {"name": "x", "embeddings": [[1, 0.5], [0, -1]], "sequences": [[0, 1], [1, 1, 0]],
         "labels": [0, 1]}
        """.utf8), of: "x")
    let dataset = try document.dataset()
    #expect(dataset.vocabulary == 2 && dataset.dimension == 2)
    #expect(dataset.sequences == [[0, 1], [1, 1, 0]])
    #expect(dataset.labels == [0, 1])
  }

  @Test(arguments: [
    ("", "1:1: the document is empty"),
    ("[1]", " not a JSON object"),
    ("{}", " \"embeddings\" must be a list of K rows of d numbers"),
    (#"{"embeddings": []}"#, " \"embeddings\" must be a list of K rows of d numbers"),
    (#"{"embeddings": [[1], ["a"]]}"#, " \"embeddings\"[1] must be 1 numbers"),
    (#"{"embeddings": [[1]]}"#, " \"sequences\" must be a list of lists of token ids"),
    (
      #"{"embeddings": [[1]], "sequences": [[0], []], "labels": [0, 0]}"#,
      " \"sequences\"[1] must be token ids from 0 to 0"
    ),
    (
      #"{"embeddings": [[1]], "sequences": [[0.5]], "labels": [0]}"#,
      " \"sequences\"[0] must be token ids from 0 to 0"
    ),
    (
      #"{"embeddings": [[1], [2]], "sequences": [[0]], "labels": [2]}"#,
      " \"labels\"[0] must be token ids from 0 to 1"
    ),
    (
      #"{"embeddings": [[1]], "sequences": [[0]], "labels": [0, 0]}"#,
      " \"labels\" must be a list of 1 token ids"
    ),
  ])
  func aBadOneIsRefused(text: String, message: String) {
    #expect(fault(text) == "x:" + message)
  }

  @Test func noSequencesAreAllowedWhereNoneAreNeeded() throws {
    let document = try DatasetDocument(
      Array(#"{"embeddings": [[1]], "sequences": [], "labels": []}"#.utf8), of: "x")
    #expect(try document.dataset(isEmptyAllowed: true).sequences.isEmpty)
    let error = #expect(throws: FormatError.self) { try document.dataset() }
    #expect(error?.description == #"x: "sequences" is empty"#)
  }

  @Test func aLabelOutsideOfItsSequenceIsRefused() {
    let text = #"{"embeddings": [[1], [2]], "sequences": [[0]], "labels": [1]}"#
    #expect(fault(text) != "")
  }
}
