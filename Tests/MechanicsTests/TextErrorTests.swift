import TestSupport
import Testing

/// A text that is none is refused where the program is run, with what is wrong and in which file.
struct TextErrorTests {
  private static let manifests = [
    "model: corpus\ndata: {text: text.txt, context: 2, vocabulary: 10}",
    """
    model: transformer
    data: {text: text.txt, vocabulary: 10, length: 4, validation: 0.5}
    train: {batch: 2, dimension: 3, feed-forward: 3, iterations: 2, maps: [0]}
    """,
  ]
  static let texts: [(bytes: [UInt8], fault: String)] = [
    (Array("a b\nc ".utf8) + [0xFF], "the text is not UTF-8 at byte 6, in line 2"),
    // A character that the end cuts in two.
    (Array("a b\n\n".utf8) + [0xE2, 0x82], "the text is not UTF-8 at byte 5, in line 3"),
    ([], "the text has no word"),
    (Array(" \n\t\n".utf8), "the text has no word"),
    (Array("alone\n".utf8), "the text has 1 word; the prediction of the next needs two"),
  ]

  @Test(arguments: texts.indices, manifests)
  func textsThatAreNoneAreRefused(text: Int, manifest: String) throws {
    let sandbox = try Sandbox()
    try sandbox.write("manifests/a.yaml", "experiment: a\ntitle: A\nseeds: 1\n\(manifest)\n")
    try Folder.write("\(sandbox.project)/manifests/text.txt", Self.texts[text].bytes)
    let exit = try sandbox.run("run")
    #expect(exit.code == 1, "\(exit)")
    #expect(exit.err.contains("a/vocabulary"), "\(exit)")
    #expect(exit.err.contains(Self.texts[text].fault), "\(exit)")
  }

  @Test func aTextThatIsNotThereIsTheManifestsFault() throws {
    let sandbox = try Sandbox()
    try sandbox.write(
      "manifests/a.yaml", "experiment: a\ntitle: A\nseeds: 1\n\(Self.manifests[0])\n")
    let exit = try sandbox.run("validate")
    #expect(exit.code == 2, "\(exit)")
    #expect(exit.err.contains("manifests/a.yaml:5:14: "), "\(exit)")
    #expect(exit.err.contains("text.txt"), "\(exit)")
  }
}
