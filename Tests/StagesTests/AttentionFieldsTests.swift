import Canonical
import Manifests
import Stages
import TestSupport
import Testing

/// The attention family refuses what no run can have, and says what would do.
struct AttentionFieldsTests {
  private let schema = ManifestSchema([.attention])

  private func read(_ data: String, _ rest: String = "") throws(Diagnostics) -> Manifest {
    let text = "experiment: a\ntitle: A\ndata: {length: 4, sequences: 6, \(data)}\n\(rest)\n"
    return try Manifest.read(
      Array(text.utf8), file: "a.yaml", schema: schema, isFile: { _ in true })
  }

  private func faults(_ data: String, _ rest: String = "") -> String {
    do throws(Diagnostics) {
      _ = try read(data, rest)
      return ""
    } catch {
      return error.description
    }
  }

  @Test func defaultsAreThoseOfThePaper() throws {
    let manifest = try read("vocabulary: 6, dimension: 8")
    #expect(manifest.model == "attention")
    #expect(manifest.parameters["train.step.size"] == 0.01)
    #expect(manifest.parameters["train.iterations"] == 4000)
    #expect(manifest.parameters["train.record"] == ["log": 100])
    #expect(manifest.parameters["data.embedding"] == "unit-random")
    #expect(manifest.seeds == Seeds(1...100))
  }

  @Test func defaultsAreInTheirOneSpelling() throws {
    for field in ModelFamily.attention.fields {
      guard let fallback = field.fallback else { continue }
      let path = field.path
      let text =
        "experiment: a\ntitle: A\nsweep: {\(path): [\(fallback.label)]}\n"
        + "data: {length: 4, sequences: 6, vocabulary: 6, dimension: 8}\n"
      let manifest = try Manifest.read(
        Array(text.utf8), file: "a.yaml", schema: schema, isFile: { _ in true })
      #expect(manifest.parameters[path] == fallback)
      #expect(manifest.cells[0].parameters[path] == fallback)
    }
  }

  @Test func embeddingsNeedDimensions() {
    #expect(faults("vocabulary: 8, dimension: 8, embedding: orthonormal") == "")
    #expect(faults("vocabulary: 7, dimension: 8, embedding: {equicorrelated: 0.5}") == "")
    #expect(
      faults("vocabulary: 9, dimension: 8, embedding: orthonormal")
        == "a.yaml:3:73: orthonormal embeddings of 9 tokens need 9 dimensions, not 8")
    #expect(
      faults("vocabulary: 8, dimension: 8, embedding: {equicorrelated: 0}")
        == "a.yaml:3:73: equicorrelated embeddings of 8 tokens need 9 dimensions, not 8")
  }

  @Test func aSweepIsReportedWhereItsValueStands() {
    #expect(
      faults("vocabulary: 8, embedding: orthonormal", "sweep: {data.dimension: [8, 4]}")
        == "a.yaml:4:29: orthonormal embeddings of 8 tokens need 8 dimensions, not 4"
        + " (where data.dimension=4)")
  }

  @Test func blocksDivideTheVocabulary() {
    let start = "vocabulary: 6, dimension: 8, structure: {blocks: "
    #expect(faults(start + "{sizes: [2, 4]}}") == "")
    #expect(faults(start + "{sizes: [2, 4], weights: [1, 2, 3, 4]}}") == "")
    #expect(
      faults(start + "{sizes: [2, 3], weights: [1, 2]}}")
        == "a.yaml:3:73: the blocks have 5 tokens, the vocabulary 6\n"
        + "a.yaml:3:73: the largest block has 3 tokens, but there are 2 weights")
  }

  @Test func weightsOfABlockHaveASum() {
    let start = "vocabulary: 4, dimension: 8, structure: {blocks: {sizes: [2, 2], weights: "
    #expect(
      faults(start + "[1e308, 1e308]}}")
        == "a.yaml:3:73: the weights of a block's tokens add up to more than a number can be, "
        + "1.8e308")
    #expect(faults(start + "[1e308, 1e307]}}") == "")
  }

  @Test func aGivenStructureHasItsOwnEmbeddings() {
    let start = "vocabulary: 6, dimension: 8, structure: {given: a.json}"
    #expect(faults(start) == "")
    #expect(
      faults(start + ", embedding: orthonormal")
        == "a.yaml:3:101: a given structure has embeddings of its own; leave data.embedding out")
  }

  /// Reads a manifest of a folder with the files `d.json` and `e.npy`.
  private func faultsBeside(dataset: String, embeddings: [UInt8] = [], _ data: String) throws
    -> String
  {
    let folder = try Folder()
    try folder.write("d.json", dataset)
    try Folder.write("\(folder.path)/e.npy", embeddings)
    let text = "experiment: a\ntitle: A\ndata: {\(data)}\n"
    try folder.write("a.yaml", text)
    do throws(Diagnostics) {
      _ = try Manifest.read(path: "\(folder.path)/a.yaml", schema: schema)
      return ""
    } catch {
      return error.description.replacing("\(folder.path)/", with: "")
    }
  }

  @Test func aGivenDatasetHasTheStatedSizes() throws {
    let dataset = """
      {"embeddings": [[1, 0], [0, 1], [1, 1]], "sequences": [[0, 1], [2, 1]], "labels": [0, 2]}
      """
    let stated = "vocabulary: 3, dimension: 2, length: 2, sequences: 2"
    let given = ", structure: {given: d.json}"
    #expect(try faultsBeside(dataset: dataset, stated + given) == "")
    #expect(
      try faultsBeside(
        dataset: dataset, stated.replacing("length: 2", with: "length: 4") + given)
        == "a.yaml:3:73: d.json: the given dataset has vocabulary 3, dimension 2, 2 sequences of "
        + "length [2]; the manifest says 3, 2, 2 and 4")
    #expect(
      try faultsBeside(dataset: "{}", stated + given)
        == "a.yaml:3:73: d.json: \"embeddings\" must be a list of K rows of d numbers")
  }

  @Test func givenEmbeddingsHaveTheStatedSizes() throws {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }\n"
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    let array = start + Array(header.utf8) + [UInt8](repeating: 0, count: 48)
    let rest = ", length: 2, sequences: 2, embedding: {given: e.npy}"
    #expect(
      try faultsBeside(dataset: "", embeddings: array, "vocabulary: 3, dimension: 2" + rest) == "")
    #expect(
      try faultsBeside(dataset: "", embeddings: array, "vocabulary: 3, dimension: 4" + rest)
        == "a.yaml:3:73: e.npy: the given embeddings are 3 × 2, not vocabulary × dimension, 3 × 4")
    #expect(
      try faultsBeside(dataset: "", "vocabulary: 3, dimension: 2" + rest)
        == "a.yaml:3:73: e.npy: not an .npy file of version 1 to 3")
  }

  private let six = "vocabulary: 6, dimension: 8"

  @Test func theLogLossNeedsTheTiedHead() {
    #expect(faults(six, "train: {loss: squared, head: general}") == "")
    #expect(
      faults(six, "train: {head: general}")
        == "a.yaml:4:15: the log loss needs the tied head; with a general one a logit may be "
        + "negative")
    #expect(
      faults(six, "train: {head: general}\nsweep: {train.loss: [squared, log]}")
        .hasPrefix("a.yaml:5:31: the log loss needs the tied head"))
  }

  @Test func onlyTheCrossEntropyHasATemperature() {
    #expect(faults(six, "train: {loss: cross-entropy, temperature: 0.5}") == "")
    #expect(faults(six, "train: {loss: squared, temperature: 1}") == "")
    #expect(
      faults(six, "train: {loss: squared, temperature: 0.5}")
        == "a.yaml:4:37: only the cross-entropy loss has a temperature, not squared")
    #expect(faults(six, "train: {loss: cross-entropy, temperature: 0}").contains("[1e-100, 1e100]"))
  }

  /// Beyond these descent would stand still without a word.
  @Test func temperaturesAndRadiiLeaveRoomForTheirPowers() {
    for temperature in ["1e-101", "1e101", "5e-324"] {
      #expect(
        faults(six, "train: {loss: cross-entropy, temperature: \(temperature)}")
          .contains("train.temperature must be a number in [1e-100, 1e100]"))
    }
    let claim = "claims: [{says: a, metric: path-loss, at-least: 0}]"
    for radius in ["5e-324", "1e-101", "1e101"] {
      #expect(
        faults(six, "train: {radius: \(radius)}\n" + claim)
          .contains("train.radius must be a number in [1e-100, 1e100]"))
    }
    #expect(faults(six, "train: {radius: 1e-100}\n" + claim) == "")
  }

  @Test func thePathIsThatOfTheLogLoss() {
    let claim = "claims: [{says: a, metric: path-correlation, at-least: 0}]"
    let figure = "figures: [{name: a, y: path-loss, x: train.radius}]"
    #expect(faults(six, claim) == "")
    let refusal =
      "the regularisation path, of which a figure or claim shows a metric, is that of the log loss, "
      + "not squared"
    #expect(faults(six, "train: {loss: squared}\n" + claim) == "a.yaml:4:15: " + refusal)
    #expect(
      faults(six, "sweep: {train.loss: [log, squared], train.radius: [1, 2]}\n" + figure)
        .contains("a.yaml:4:27: " + refusal))
    #expect(faults(six, "train: {loss: squared}") == "")
  }

  @Test func onlyPlantedPrioritiesAreRecovered() {
    let claim = "claims: [{says: a, metric: recovered, at-least: 0}]"
    let figure = "figures: [{name: a, y: planted-mass}]"
    let refusal =
      "the planted priorities, of which a figure or claim shows a metric, are those of "
      + "a strict-order or blocks structure, not "
    #expect(faults(six + ", structure: cyclic", claim) == "a.yaml:3:73: \(refusal)cyclic")
    #expect(faults(six, figure) == "a.yaml:1:1: \(refusal)any")
    #expect(faults(six + ", structure: strict-order", claim) == "")
    #expect(faults(six + ", structure: {blocks: {sizes: [3, 3]}}", figure) == "")
    #expect(faults(six, "sweep: {data.structure: [any, strict-order]}\n\(figure)") == "")
    #expect(
      faults(six, "sweep: {data.structure: [any, cyclic]}\n\(claim)")
        .hasPrefix("a.yaml:4:26: \(refusal)any"))
  }

  /// One mistake in the sweep hides no other one.
  @Test func allErrorsComeAtOnce() {
    let found = faults(
      "vocabulary: 9, dimension: 8, embedding: orthonormal",
      """
      train: {loss: log, head: general, iterations: 2000}
      sweep: {data.attempts: [3, 3]}
      figures: [{name: a, y: loss, by: data.length}]
      claims: [{says: a, metric: loss, at: 3999, min-count: 101, at-least: 0}]
      """)
    let other = "claims: [{says: a, metric: recovered, min-count: 101, at-least: 0}]"
    #expect(
      faults(six + ", fresh-contexts: 7, structure: strict-order", other)
        == "a.yaml:4:50: claims[0].min-count is 101, but there are 100 seeds")
    #expect(faults(six, other).contains("the planted priorities, of which"))
    let parts = [
      "orthonormal embeddings of 9 tokens", "the log loss needs the tied head", "is swept twice",
      "data.length is not swept", "at is 3999, but training ends", "min-count is 101",
    ]
    for part in parts { #expect(found.contains(part), "\(found)") }
  }

  @Test func aBatchIsPartOfTheSequences() {
    #expect(faults(six, "train: {batch: 6}") == "")
    #expect(faults(six, "train: {batch: 7}") == "a.yaml:4:16: a batch of 7 of only 6 sequences")
    #expect(
      faults(six, "train: {batch: some}")
        == "a.yaml:4:16: train.batch must be all, not the string 'some'")
  }

  @Test func factorsDoNotStartAtZero() {
    #expect(faults(six, "train: {factors: {inner: 3}}") == "")
    #expect(
      faults(six, "train: {factors: {inner: 3}, initial: zero}")
        == "a.yaml:4:39: factors that start at zero have no gradient and stay there")
  }

  @Test func sharesAndMomentaHaveBounds() {
    #expect(faults(six + ", label-noise: 1", "train: {step: {momentum: 0.9}}") == "")
    #expect(faults(six + ", label-noise: 1.5").contains("a number in [0, 1]"))
    #expect(faults(six, "train: {step: {momentum: 1}}").contains("a number in [0, 1)"))
  }

  /// What changes nothing in any cell is refused where it is given.
  @Test func whatNothingReadsIsRefused() {
    let data = "vocabulary: 6, dimension: 8"
    let path = "claims: [{says: a, metric: path-loss, at-least: 0}]"
    #expect(
      faults(data, "train: {radius: 3}")
        == "a.yaml:4:17: train.radius has no effect here: no figure or claim names a metric of the "
        + "regularisation path, such as path-loss")
    #expect(faults(data, "train: {radius: 3}\n" + path) == "")
    #expect(faults(data, "train: {radius: 10}") == "")
    #expect(
      faults(data, "sweep: {data.fresh-contexts: [100, 200]}\n" + path)
        .hasPrefix("a.yaml:4:36: data.fresh-contexts has no effect here: "))
    #expect(
      faults(data + ", attempts: 7")
        == "a.yaml:3:72: data.attempts has no effect here: only acyclic and cyclic data are drawn "
        + "until they are so")
    #expect(faults(data + ", attempts: 7, structure: cyclic") == "")
    #expect(faults(data + ", attempts: 7", "sweep: {data.structure: [any, acyclic]}") == "")
    #expect(
      faults(data + ", same-tokens: true, structure: {given: a.json}")
        .contains("data.same-tokens has no effect here: a given structure has sequences"))
  }

  @Test func whatAnalysesReadHasBounds() {
    let data = "vocabulary: 6, dimension: 8"
    let claims = ["path-loss", "recovered"].map { "{says: a, metric: \($0), at-least: 0}" }
      .joined(separator: ", ")
    #expect(
      faults(
        data + ", fresh-contexts: 1, structure: strict-order",
        "train: {radius: 0.5}\nclaims: [\(claims)]") == "")
    #expect(
      faults(data + ", fresh-contexts: 0", "train: {radius: 0}")
        == "a.yaml:3:78: data.fresh-contexts must be an integer from 1 to 1000000, not 0\n"
        + "a.yaml:4:17: train.radius must be a number in [1e-100, 1e100], not 0")
  }

  @Test func aTrajectoryThatIsTooLargeNamesAScheduleThatFits() {
    let data = "vocabulary: 6, dimension: 256"
    #expect(faults(data, "train: {record: {log: 126}}") == "")
    #expect(
      faults(data, "train: {record: {log: 127}}")
        == "a.yaml:4:17: 129 records of 256×256 numbers are more than 64 MiB; "
        + "use one such as {log: 126}")
    #expect(faults(data, "train: {record: {every: 32}}") == "")
    #expect(faults(data, "train: {iterations: 100, record: {every: 1}}") == "")
    #expect(faults(data, "train: {record: {every: 31}}").contains("131 records"))
    #expect(faults("vocabulary: 6, dimension: 2000").contains("no schedule is small enough"))
  }

  @Test func aWholeManifestIsRead() throws {
    let text = """
      experiment: cyclic
      title: Cyclic priority graphs, log loss
      data:
        vocabulary: 6
        dimension: 8
        length: 4
        sequences: 6
        embedding: unit-random
        structure: cyclic
      train:
        loss: log
        head: tied
        step: {size: 0.01, normalized: true}
        iterations: 4000
        initial: {random: 2}
        record: {log: 100}
      seeds: 1..100
      sweep:
        data.dimension: [8, 16, 32]
      figures:
        - {name: correlation, y: correlation, x: iteration, by: data.dimension, band: std}
      claims:
        - {says: "aligns", metric: projected-correlation, at: final, at-least: 0.98}
      """
    let manifest = try Manifest.read(
      Array(text.utf8), file: "cyclic.yaml", schema: schema, isFile: { _ in false })
    #expect(
      manifest.cells.map(\.label) == ["data.dimension=8", "data.dimension=16", "data.dimension=32"])
    #expect(manifest.cells[2].parameters["data.dimension"] == 32)
    #expect(manifest.parameters["train.initial"] == ["random": 2.0])
    #expect(manifest.claims[0].threshold == .atLeast(0.98))
  }
}
