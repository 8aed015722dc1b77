import Canonical
import Manifests
import Pipeline
import Stages
import Testing

/// The scan-snap family has the paper's defaults, and refuses what no run can have.
struct ScanSnapFieldsTests {
  private func read(_ rest: String) throws(Diagnostics) -> Manifest {
    let text = "experiment: a\ntitle: A\nmodel: scan-snap\n\(rest)\n"
    return try Manifest.read(
      Array(text.utf8), file: "a.yaml", schema: Catalog.mechanics.schema, isFile: { _ in true })
  }

  private func faults(_ rest: String) -> String {
    do throws(Diagnostics) {
      _ = try read(rest)
      return ""
    } catch {
      return error.description
    }
  }

  @Test func defaultsAreThoseOfThePaper() throws {
    let parameters = try read("seeds: 1").parameters
    #expect(parameters["data.common"] == 10 && parameters["data.distinct"] == 10)
    #expect(parameters["data.length"] == 128 && parameters["data.batch"] == 128)
    #expect(parameters["data.distinct-weight.least"] == 0.1)
    #expect(parameters["train.momentum"] == 0.9 && parameters["train.iterations"] == 100)
    #expect(parameters["train.normalized-output"] == true)
  }

  @Test func defaultsAreInTheirOneSpelling() throws {
    for field in ModelFamily.scanSnap.fields {
      let (path, fallback) = (field.path, try #require(field.fallback))
      let manifest = try read("sweep: {\(path): [\(fallback.label)]}")
      #expect(manifest.cells[0].parameters[path] == fallback)
    }
  }

  @Test func weightsAscend() {
    #expect(
      faults("data: {distinct-weight: {least: 2.0}}")
        == "a.yaml:4:33: the least weight, 2.0, is above the greatest, 1.0")
  }

  @Test func weightsHaveASum() {
    let sum = "the weights of a class's tokens add up to more than a number can be, 1.8e308"
    #expect(faults("data: {common: 2, common-weight: 1e308}") == "a.yaml:4:34: \(sum)")
    #expect(
      faults("data: {distinct-weight: {greatest: 1e308}}") == "a.yaml:4:36: \(sum)")
    #expect(faults("data: {common: 1, common-weight: 1e308}") == "")
  }

  @Test func thereAreNotTooManyTokens() {
    #expect(faults("data: {num-last: 600}\ntrain: {record: {every: 100}}").hasPrefix("a.yaml:5:"))
    #expect(faults("data: {num-last: 300}\ntrain: {record: {every: 100}}") == "")
    #expect(
      faults("data: {num-last: 700}")
        == "a.yaml:4:18: common, distinct, last and next tokens are 8410, more than 8192")
  }

  @Test func tooLongATrajectoryIsRefusedWithAScheduleThatFits() {
    #expect(
      faults("data: {num-last: 100}\ntrain: {iterations: 10000, record: {every: 1}}")
        == """
        a.yaml:5:36: 10001 records of 100×1210 numbers are more than 64 MiB; \
        use one such as {log: 67}
        """)
  }

  @Test func whatIsAnotherModelsIsUnknown() {
    #expect(faults("data: {vocabulary: 8}").contains("data has no field 'vocabulary'"))
    #expect(faults("train: {momentum: 1}").contains("train.momentum"))
    #expect(faults("claims: [{says: a, metric: correlation, equals: 1}]").contains("metric"))
  }

  @Test func weightsOfNoTokenAreRefused() {
    #expect(faults("data: {common: 0, common-weight: 2}").contains("there are no common tokens"))
    #expect(faults("data: {common: 1, common-weight: 2}") == "")
    #expect(
      faults("data: {distinct: 1, distinct-weight: {least: 0.5}}").contains(
        "data.distinct-weight.least has no effect here: a class has one distinct token"))
    #expect(faults("data: {distinct: 2, distinct-weight: {least: 0.5}}") == "")
  }
}
