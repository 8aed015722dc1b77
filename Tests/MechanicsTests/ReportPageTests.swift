import Canonical
import Glibc
import TestSupport
import Testing

/// Figures are drawn by the real tools, and `report` writes one page that stands alone.
struct ReportPageTests {
  private static let manifest = Example.small.replacing(
    "figures:\n",
    with: """
      figures:
        - {name: bars, kind: errorbars, y: norm, x: train.step.size, lines: [{claim: "W grows"}]}
        - {name: spread, kind: histogram, x: norm, bins: 5}
        - {name: parts, y: loss, panels: train.step.size, lines: [{y: 1.2, label: a line}]}
        - {name: tpg, kind: graph, where: {train.step.size: 0.1}}

      """)

  /// A sandbox with the tools of the repository's environment and of the system.
  private func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox(["manifests/small.yaml": ReportPageTests.manifest])
    sandbox.environment["PATH"] = getenv("PATH").map { String(cString: $0) }
    symlink("\(Sandbox.package)/.venv", "\(sandbox.project)/.venv")
    return sandbox
  }

  private static let hasTools =
    getenv("CI") != nil || access("\(Sandbox.package)/.venv/bin/python", X_OK) == 0

  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func figuresAreDrawnTheSameEveryTime() throws {
    let sandbox = try sandbox()
    let first = try sandbox.run("run")
    #expect(first.code == 0 && !first.err.contains("warning"), "\(first)")
    let names = ["bars", "spread", "parts", "curve", "tpg"]
    let drawn = try names.map { try sandbox.text("results/small/\($0).svg") }
    for (name, svg) in zip(names, drawn) {
      #expect(svg.contains("<svg") && svg.contains("</text>"), "\(name) has no text")
      #expect(
        try sandbox.folder.bytes("project/results/small/\(name).pdf").starts(with: "%PDF".utf8))
    }
    #expect(drawn.contains { $0.contains("url(#clip1)") }, "clips have numbers")
    // Alone, each is drawn as it was beside the others.
    for (name, svg) in zip(names, drawn) {
      unlink("\(sandbox.project)/results/small/\(name).svg")
      _ = try sandbox.run("run")
      #expect(try sandbox.text("results/small/\(name).svg") == svg, "\(name)")
    }
  }

  /// Whoever works in a folder of their own has the tools of the clone that the program was built in.
  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func theToolsBesideTheProgramAreFound() throws {
    let sandbox = try Example.sandbox()
    sandbox.environment["PATH"] = getenv("PATH").map { String(cString: $0) }
    #expect(try sandbox.run("doctor").out.contains("warn  drawing: vl-convert is missing"))
    sandbox.environment["MECHANICS_PYTHON"] = nil
    let found = try sandbox.run("doctor").out
    #expect(found.contains("ok    drawing: vl-convert in \(Sandbox.package)/.venv/"), "\(found)")
  }

  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func figuresHoldTheirFont() throws {
    let sandbox = try sandbox()
    _ = try sandbox.run("run")
    let python = try Python.with(["playwright"])
    let found = try sandbox.system(
      python.path, "\(Sandbox.package)/Tests/MechanicsTests/Page/check_fonts.py", "results/small")
    #expect(found.code == 0, "\(found)")
  }

  /// Six groups of points, told apart by colours and shapes; a formula; graphs with components.
  private static let styled = """
    experiment: styled
    title: Styles
    data: {vocabulary: 6, dimension: 8, length: 4, structure: cyclic, sequences: 6}
    train: {iterations: 10}
    seeds: 1..2
    sweep: {data.sequences: [31, 32, 33, 34, 35, 36]}
    figures:
      - {name: runs, kind: points, x: norm, y: svm-norm, y-title: "‖W_svm‖ and more"}
      - {name: tpg, kind: graph, seed: 1, where: {data.sequences: 31}}

    """

  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func aDrawingHasOneLegendAndSubscripts() throws {
    let sandbox = try sandbox()
    try sandbox.write("manifests/styled.yaml", ReportPageTests.styled)
    #expect(try sandbox.run("run", "manifests/styled.yaml").code == 0)
    let svg = try sandbox.text("results/styled/runs.svg")
    for label in 31...36 {
      #expect(svg.matches(of: try Regex("aria-label=\"[^\"]*\"")).count < 30, "few descriptions")
      #expect(
        svg.ranges(of: "opacity=\"1\">\(label)</text>").count == 1, "\(label) once in legends")
    }
    #expect(svg.contains("||W<tspan dy=\"2.5\" font-size=\"7.5px\">svm</tspan>"))
    #expect(!svg.replacing(#/aria-label="[^"]*"/#, with: "").contains("W_svm"))
  }

  /// Ticks were rounded to the distance between them: 1500 was shown as 2e+3.
  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func ticksOfSweptValuesAreTheValues() throws {
    let sandbox = try sandbox()
    let ticks = ReportPageTests.styled.replacing(
      "[31, 32, 33, 34, 35, 36]", with: "[500, 1000, 1500]"
    )
    .replacing("data.sequences: 31", with: "data.sequences: 500")
    .replacing("figures:\n", with: "figures:\n  - {name: ticks, y: norm, x: data.sequences}\n")
    try sandbox.write("manifests/styled.yaml", ticks)
    #expect(try sandbox.run("run", "manifests/styled.yaml").code == 0)
    let svg = try sandbox.text("results/styled/ticks.svg")
    for tick in [500, 1000, 1500] { #expect(svg.contains(">\(tick)</text>"), "\(tick)") }
  }

  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func nodesOfAGraphKeepClearOfTheirFrames() throws {
    let sandbox = try sandbox()
    try sandbox.write("manifests/styled.yaml", ReportPageTests.styled)
    #expect(try sandbox.run("run", "manifests/styled.yaml").code == 0)
    let laidOut = try sandbox.system("dot", "-Tjson0", "results/styled/tpg.dot").out
    let objects = try #require(Value(json: Array(laidOut.utf8))?["objects"]?.list)
    var pairs = 0
    for box in objects {
      guard let members = box["nodes"]?.list,
        let ends = box["bb"]?.string?.split(separator: ",").compactMap({ Double($0) })
      else { continue }
      for member in members.compactMap(\.integer) {
        let node = try #require(objects.first { $0["_gvid"]?.integer == member })
        let middle = (node["pos"]?.string ?? "").split(separator: ",").compactMap { Double($0) }
        let radius = 72 * Double(node["width"]?.string ?? "")! / 2
        for axis in 0..<2 {
          #expect(middle[axis] - radius >= ends[axis] + 4, "\(node) in \(box)")
          #expect(middle[axis] + radius <= ends[axis + 2] - 4, "\(node) in \(box)")
        }
        pairs += 1
      }
    }
    #expect(pairs > 10)
  }

  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func thePageWorksInABrowser() throws {
    let sandbox = try sandbox()
    _ = try sandbox.run("run")
    let exit = try sandbox.run("report")
    #expect(exit.code == 0 && !exit.err.contains("warning"), "\(exit)")
    let page = try sandbox.text("results/report.html")
    #expect(page.contains("token-priority graphs of the first run") || page.contains("tpg, seed"))
    #expect(page.contains("automaton of the first run, seed 1"))
    let python = try Python.with(["playwright", "axe_playwright_python"])
    let found = try sandbox.system(
      python.path, "\(Sandbox.package)/Tests/MechanicsTests/Page/check_page.py",
      "\(sandbox.project)/results/report.html", "small")
    #expect(found.code == 0, "\(found)")
  }

  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func reproducingBringsThePageUpToDate() throws {
    let sandbox = try sandbox()
    let exit = try sandbox.run("reproduce")
    #expect(exit.err.contains("\nreport    results/report.html\n"), "\(exit)")
    let first = try sandbox.text("results/report.html")
    unlink("\(sandbox.project)/results/report.html")
    #expect(try sandbox.run("reproduce", "--no-draw").code == 0)
    #expect(!sandbox.exists("results/report.html"))
    try sandbox.edit("manifests/small.yaml", "seeds: 1..3", "seeds: 1..4")
    #expect(try sandbox.run("accept").code == 0)
    #expect(try sandbox.text("results/report.html") != first)
    #expect(!(try sandbox.text("results/digests.txt")).contains("report.html"))
  }

  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func thePageIsMadeAnewWhereItIsOlder() throws {
    let sandbox = try sandbox()
    #expect(try sandbox.run("reproduce").code == 0)
    let page = "results/report.html"
    func mark() throws { try sandbox.write(page, "as it was") }
    try mark()
    _ = try sandbox.run("reproduce")
    #expect(try sandbox.text(page) == "as it was", "nothing is newer")
    try sandbox.edit("manifests/small.yaml", "A small experiment", "A renamed experiment")
    _ = try sandbox.run("reproduce")
    #expect(try sandbox.text(page).contains("A renamed experiment"))
    try mark()
    try sandbox.write("results/small/runs.csv", "")
    _ = try sandbox.run("reproduce")
    #expect(try sandbox.text(page).contains("A renamed experiment"), "results were written")
  }

  @Test(.enabled(if: hasTools, "'make figures' sets the tools up"))
  func manifestsFromElsewhereAreOnThePage() throws {
    let sandbox = try sandbox()
    try sandbox.write(
      "mine.yaml", Example.small.replacing("experiment: small", with: "experiment: mine"))
    #expect(try sandbox.run("run").code == 0)
    #expect(try sandbox.run("accept", "mine.yaml").code == 0)
    #expect(try sandbox.text("results/report.html").contains("\"mine\""))
    let report = try sandbox.run("report")
    #expect(report.err.contains("left out, as none of these manifests states them: mine"))
  }

  @Test func withoutToolsAllButFiguresIsThere() throws {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    let exit = try sandbox.run("report")
    #expect(exit.code == 0)
    #expect(exit.err.contains("warning: figures are left out"), "\(exit)")
    let page = try sandbox.text("results/report.html")
    #expect(page.contains("W grows") && page.contains("train.step.size,metric,statistic"))
    #expect(!page.contains("{{"))
  }

  @Test func withoutResultsItSaysSo() throws {
    let exit = try Example.sandbox().run("report")
    #expect(exit.code == 2)
    #expect(exit.err.contains("'mechanics run' makes some"), "\(exit)")
  }
}
