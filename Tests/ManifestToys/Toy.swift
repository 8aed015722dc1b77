import Canonical
import Manifests

/// Two small families with fields of every shape; they mean nothing.
package enum Toy {
  package static let schema = ManifestSchema([box, line])

  package static let box = ModelFamily(
    name: "box", doc: "A box.",
    fields: [
      Field("data.size", .integer(1...100), "How large it is."),
      Field("data.depth", .integer(1...100), default: 8, "How deep it is."),
      Field("data.form", form, default: "round", "What it looks like."),
      Field("data.closed", .boolean, default: false, "Whether it is closed."),
      Field("data.colours", .list(.string(.slug)), default: ["red"], "The colours."),
      Field("train.step.size", .number(.positive), default: 0.01, "The step."),
      Field("train.step.exact", .boolean, default: true, "Whether the step is exact."),
      Field("train.iterations", .integer(1...1_000_000), default: 1000, "The steps."),
      Field(
        "train.share", .number(Bounds(lower: .including(0), upper: .excluding(1))), default: 0.5,
        "A share."),
    ],
    metrics: [
      Metric("error", in: .nonnegative, "How wrong it is."), Metric("speed", "How fast it is."),
      Metric("fits", "Whether it fits."),
      Metric("mass", "The mass of each token.", indices: ["iteration", "token"]),
      Metric("pairs", "The mass of each pair.", indices: ["iteration", "query", "key"]),
    ],
    rules: [
      Rule(reads: ["data.size", "data.depth"]) { cell in
        let (size, depth) = (cell["data.size"].integer!, cell["data.depth"].integer!)
        return size > 4 * depth
          ? [Violation("data.size", "a box of size \(size) is too large for depth \(depth)")] : []
      },
      Rule(reads: ["data.form", "data.closed"]) { cell in
        cell["data.form"]["tilted"] != nil && cell["data.closed"] == true
          ? [Violation("data.form", "a tilted box cannot be closed")] : []
      },
    ],
    horizon: "train.iterations",
    records: Records(reads: ["train.iterations"]) { cell, iteration in
      let last = cell["train.iterations"].integer!
      let before = iteration / 10 * 10
      if iteration == last || before == iteration { return (iteration, iteration) }
      return (before, min(before + 10, last))
    }, graphIndex: "corner")

  package static let line = ModelFamily(
    name: "line", doc: "A line.",
    fields: [Field("data.length", .number(.nonnegative), default: 1.0, "How long it is.")],
    metrics: [Metric("straightness", "How straight it is.")])

  private static let form = Shape.choice([
    .init("round"), .init("square"),
    .init("tilted", .number(Bounds(lower: .including(0), upper: .excluding(90)))),
    .init(
      "sides",
      .record([
        .init("lengths", .list(.integer(1...9)), required: true, "The sides."),
        .init("sharp", .boolean, "Whether its corners are sharp."),
      ])),
    .init("given", .file(["npy"])),
  ])

  /// Reads `text` as the file `toy.yaml`; the files `there.npy` and `../data/there.npy` exist.
  package static func read(_ text: String, overrides: [String] = []) throws(Diagnostics) -> Manifest
  {
    try read(Array(text.utf8), overrides: overrides)
  }

  package static func read(_ bytes: [UInt8], overrides: [String] = []) throws(Diagnostics)
    -> Manifest
  {
    try Manifest.read(
      bytes, file: "toy.yaml", schema: schema, overrides: overrides,
      isFile: { ["there.npy", "../data/there.npy"].contains($0) })
  }

  /// What is wrong with `text`, a line each; empty if nothing is.
  package static func faults(_ text: String, overrides: [String] = []) -> String {
    faults(Array(text.utf8), overrides: overrides)
  }

  package static func faults(_ bytes: [UInt8], overrides: [String] = []) -> String {
    do throws(Diagnostics) {
      _ = try read(bytes, overrides: overrides)
      return ""
    } catch {
      return error.description
    }
  }

  /// The least that a manifest needs, before `rest`.
  package static func minimal(_ rest: String = "") -> String {
    "experiment: toy\ntitle: A toy\ndata: {size: 3}\n" + rest
  }
}
