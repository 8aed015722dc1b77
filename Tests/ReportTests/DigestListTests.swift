import Canonical
import Report
import TestSupport
import Testing

/// `digests.txt` is text that `sha256sum -c` takes and that reads back.
struct DigestListTests {
  private let digest = Digest(of: [1, 2, 3])

  private var list: DigestList {
    var list = DigestList()
    list.files = ["b/runs.csv": digest, "a/runs.csv": digest, "a-b/runs.csv": digest]
    list.manifests = ["b": digest, "a": digest]
    list.versions = ["a": ["gd": 2, "data": 1]]
    return list
  }

  @Test func itReadsBack() { #expect(DigestList(list.text) == list) }

  @Test func itsLinesAreSortedByBytes() {
    let hex = digest.hex
    #expect(
      list.text == """
        \(hex)  a-b/runs.csv
        \(hex)  a/runs.csv
        \(hex)  b/runs.csv
        # manifest \(hex) a
        # manifest \(hex) b
        # versions a data@1 gd@2

        """)
  }

  @Test func nothingIsNothing() {
    #expect(DigestList("") == DigestList())
    #expect(DigestList().text == "")
  }

  @Test func otherLinesAreIgnored() {
    let text = "# A remark.\n\n12  a\nmanifest x y\n# versions\n# versions a gd\n# manifest 12 a\n"
    var expected = DigestList()
    expected.versions = ["a": [:]]
    #expect(DigestList(text) == expected)
  }

  @Test func recordingReplacesAllOfAnExperiment() async throws {
    let folder = try Folder()
    var list = list
    list.files["tally/old.csv"] = digest
    list.record(try await Tally().results(folder))
    #expect(list.files["tally/old.csv"] == nil)
    #expect(list.files["a/runs.csv"] == digest)
    #expect(list.files.keys.count { $0.hasPrefix("tally/") } == 4)
  }
}
