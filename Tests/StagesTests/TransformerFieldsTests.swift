import Canonical
import Manifests
import Pipeline
import Testing

@testable import Stages

/// The families that read a text refuse what no run can have.
struct TransformerFieldsTests {
  private func faults(_ model: String, _ rest: String = "", set overrides: [String] = []) -> String
  {
    let text = "experiment: a\ntitle: A\nmodel: \(model)\ndata: {text: any.name}\n\(rest)\n"
    do throws(Diagnostics) {
      _ = try Manifest.read(
        Array(text.utf8), file: "a.yaml", schema: Catalog.mechanics.schema, overrides: overrides,
        isFile: { $0 == "any.name" || $0 == "bare" })
      return ""
    } catch {
      return error.description
    }
  }

  @Test func anyNameOfAFileWillDo() {
    for model in ["corpus", "transformer"] { #expect(faults(model) == "") }
    #expect(
      faults("corpus", "sweep: {data.order: [text, backwards]}").contains("data.order"))
  }

  @Test func aTextIsNeeded() {
    let text = "experiment: a\ntitle: A\nmodel: corpus\n"
    #expect(throws: Diagnostics.self) {
      try Manifest.read(
        Array(text.utf8), file: "a.yaml", schema: Catalog.mechanics.schema, isFile: { _ in true })
    }
  }

  @Test func mapsAreOfIterationsThatAreReached() {
    #expect(faults("transformer", "train: {iterations: 1500}") == "")
    #expect(
      faults("transformer", "train: {iterations: 40, maps: [0, 41]}")
        == "a.yaml:5:31: train.maps wants a map at iteration 41, but training ends at iteration 40")
  }

  @Test func mapsOfTheDefaultNeedNotBeReached() {
    #expect(faults("transformer", "train: {iterations: 40}") == "")
  }

  @Test func aShortenedRunLeavesOutTheMapsThatItDoesNotReach() {
    let maps = "train: {maps: [0, 100]}"
    #expect(faults("transformer", maps, set: ["train.iterations=50"]) == "")
    #expect(
      faults("transformer", maps, set: ["train.iterations=50", "train.maps=[60]"]).contains(
        "train.maps wants a map at iteration 60, but training ends at iteration 50"))
  }

  @Test func aBatchFitsIntoMemory() {
    #expect(
      faults("transformer", "train: {batch: 1024}")
        == "a.yaml:5:16: 35840 tokens with 30000 logits each are more than 4 GiB")
  }

  @Test func theParametersFitIntoMemory() {
    #expect(
      faults("transformer", "train: {dimension: 16384, layers: 2}")
        == "a.yaml:5:20: 3143956160 parameters are more than 4 GiB")
    #expect(
      faults("transformer", "train: {feed-forward: 65536, layers: 64}")
        .contains("parameters are more than 4 GiB"))
    #expect(faults("transformer", "train: {dimension: 2048, layers: 4}") == "")
  }

  @Test func defaultsAreThoseOfThePaper() throws {
    let text = "experiment: a\ntitle: A\nmodel: transformer\ndata: {text: bare}\n"
    let manifest = try Manifest.read(
      Array(text.utf8), file: "a.yaml", schema: Catalog.mechanics.schema, isFile: { _ in true })
    let parameters = manifest.parameters
    #expect(parameters["data.length"] == 35)
    #expect(parameters["train.batch"] == 20)
    #expect(parameters["train.dimension"] == 200)
    #expect(parameters["train.feed-forward"] == 200)
    #expect(parameters["train.layers"] == 1)
    #expect(parameters["train.maps"] == [0, 500, 1000, 1500])
  }
}
