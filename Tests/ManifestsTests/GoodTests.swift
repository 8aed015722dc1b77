import Canonical
import Foundation
import ManifestToys
import Manifests
import Testing

/// Manifests that use everything are read as what they say.
struct GoodTests {
  static let folder = MalformedTests.folder.deletingLastPathComponent().appending(path: "Good")

  static let names: [String] =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".yaml") }.sorted() ?? []

  private func read(_ name: String) throws -> Manifest {
    try Toy.read(Array(Data(contentsOf: GoodTests.folder.appending(path: name))))
  }

  @Test(arguments: names)
  func isAccepted(_ name: String) throws {
    do throws(Diagnostics) {
      _ = try Toy.read(Array((try? Data(contentsOf: GoodTests.folder.appending(path: name)))!))
    } catch {
      Issue.record(Comment(rawValue: error.description))
    }
  }

  @Test func everyKeyIsRead() throws {
    let manifest = try read("everything.yaml")
    #expect(manifest.experiment == "everything")
    #expect(manifest.tier == .full)
    #expect(manifest.description == "Over several\nlines.\n")
    #expect(manifest.seeds.description == "[1..11, 42]")
    #expect(manifest.defaults.map(\.path) == [])
    #expect(manifest.sweptPaths.count == 4)
    #expect(manifest.cells.count == 3 * 4 * 2 - 2)
    #expect(manifest.files.map(\.path) == ["there.npy"])
    #expect(manifest.files[0].parameter == "data.form")
  }

  @Test func numbersHaveOneSpelling() throws {
    let manifest = try read("everything.yaml")
    #expect(manifest.parameters["train.share"] == .number(0))
    #expect(manifest.parameters["train.step.size"] == .number(1))
    #expect(manifest.parameters["train.iterations"] == .integer(1000))
    #expect(manifest.parameters["data.form"] == ["tilted": 45.0])
  }

  @Test func mergeKeysGiveWayToExplicitOnesAndToEarlierMaps() throws {
    let manifest = try read("merged.yaml")
    #expect(manifest.parameters["data.size"] == 3)
    #expect(manifest.parameters["data.depth"] == 5)
    #expect(manifest.parameters["data.closed"] == true)
    #expect(manifest.parameters["train.step.exact"] == false)
    #expect(manifest.parameters["train.step.size"] == 16.0)
    #expect(manifest.seeds.description == "15")
    #expect(manifest.claims.map(\.says) == ["one", "two", "three"])
  }

  @Test func figuresAreRead() throws {
    let figures = try read("everything.yaml").figures
    #expect(figures.map(\.name) == ["plain", "full", "held", "scatter"])
    #expect(
      figures[0].by == ["data.depth", "data.form", "train.step.size", "train.iterations"])
    #expect(figures[0].abscissa == .iteration)
    #expect(figures[1].abscissa == .swept("data.depth"))
    #expect(figures[1].metrics == ["error", "speed"])
    #expect(figures[1].band == .quantiles)
    #expect(figures[2].cells == [Condition(path: "data.form", value: ["tilted": 30.0])])
    #expect(figures[3].kind == .points)
    #expect(figures[3].band == .none)
  }

  @Test func claimsAreRead() throws {
    let claims = try read("everything.yaml").claims
    #expect(claims[0].time == .final)
    #expect(claims[0].statistic == .mean)
    #expect(claims[0].threshold == .atLeast(0.5))
    #expect(claims[1].time == .iteration(100))
    #expect(claims[1].cells == [Condition(path: "data.depth", value: 8)])
    #expect(claims[2].threshold == .equals(1))
    #expect(claims[2].minimumCount == 12)
    #expect(claims[3].time == .window(from: 10, to: nil))
    #expect(claims[3].threshold == .between(-1, 0.001))
    #expect(claims[4].time == .window(from: 10, to: 20))
  }

  @Test func defaultsAreFilledInAndListed() throws {
    let manifest = try Toy.read(Toy.minimal())
    #expect(manifest.seeds == Seeds(1...100))
    #expect(manifest.parameters["data.depth"] == 8)
    #expect(manifest.defaults.map(\.path).prefix(4) == ["tier", "model", "seeds", "data.depth"])
    #expect(manifest.defaults.count == 3 + 8)
    #expect(manifest.cells.count == 1)
    #expect(manifest.cells[0].swept.isEmpty)
  }

  @Test func overridesAreCheckedAndApplied() throws {
    let manifest = try Toy.read(
      Toy.minimal("claims: [{says: a, metric: error, at: 900, at-most: 1}]"),
      overrides: [
        "train.step.size=2", "seeds=[3, 1..2]", "data.form={tilted: 3}", "tier=full",
        "sweep.data.depth=[4, 5]", "train.iterations=10",
      ])
    #expect(manifest.parameters["train.step.size"] == 2.0)
    #expect(manifest.parameters["train.step.exact"] == true)
    #expect(manifest.seeds == Seeds(1...3))
    #expect(manifest.tier == .full)
    #expect(manifest.cells.map(\.label) == ["data.depth=4", "data.depth=5"])
    #expect(manifest.claims.isEmpty)
  }

  @Test func experimentsAreUniqueInASet() throws {
    let toy = try Toy.read(Toy.minimal())
    let found = Manifest.collisions([toy, try read("small.yaml"), toy])
    #expect(
      found.map(\.description) == ["toy.yaml:1:13: the experiment 'toy' is also that of toy.yaml"])
  }

  @Test func theDocumentInFullIsAcceptedAgain() throws {
    let manifest = try read("everything.yaml")
    let value = manifest.value
    #expect(value["cells"]?.list?.count == manifest.cells.count)
    #expect(value["data"]?["depth"] == 16)
    #expect(value["figures"]?.list?.count == 4)
  }

  @Test func whatIsWrongHasAMachineForm() {
    do throws(Diagnostics) {
      _ = try Toy.read(Toy.minimal("tiers: full\n"))
      Issue.record("accepted")
    } catch {
      #expect(
        error.value == [
          [
            "file": "toy.yaml", "line": 4, "column": 1, "suggestion": "tier",
            "message": "the manifest has no key 'tiers'",
          ]
        ])
    }
  }

  @Test func aMissingFileAndAFolderAreErrors() {
    for (path, reason) in [("/nowhere/a.yaml", "No such file"), ("/tmp", "Is a directory")] {
      do throws(Diagnostics) {
        _ = try Manifest.read(path: path, schema: Toy.schema)
        Issue.record("accepted")
      } catch {
        #expect(error.description.hasPrefix("\(path): cannot be read: \(reason)"))
      }
    }
  }
}
