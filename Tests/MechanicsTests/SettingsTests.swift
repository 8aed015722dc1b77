import Canonical
import TestSupport
import Testing

/// Flags, then the environment, then the project's file, then the user's, then defaults.
struct SettingsTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox()
    sandbox.environment["MECHANICS_CACHE"] = nil
  }

  /// A setting's value and where it comes from.
  private func setting(_ name: String, in place: String? = nil) throws -> [String] {
    let exit = try sandbox.run("config", "--json", in: place)
    let entry = try #require(exit.json?[name], "\(exit)")
    return [entry["value"]!.string!, entry["source"]!.string!]
  }

  @Test func defaultsComeLast() throws {
    #expect(try setting("results") == ["results", "default"])
    #expect(
      try setting("cache") == ["\(sandbox.folder.path)/home/.cache/mechanics", "default"])
  }

  @Test func eachSourceComesBeforeTheNext() throws {
    let user = "\(sandbox.folder.path)/home/.config/mechanics/config.yaml"
    try Folder.write(user, Array("jobs: 3\n".utf8))
    #expect(try setting("jobs") == ["3", user])
    try sandbox.write("mechanics.yaml", "jobs: 5\n")
    #expect(try setting("jobs") == ["5", "\(sandbox.project)/mechanics.yaml"])
    sandbox.environment["MECHANICS_JOBS"] = "7"
    #expect(try setting("jobs") == ["7", "$MECHANICS_JOBS"])
  }

  @Test func theNearestFileOfTheFoldersAboveIsTaken() throws {
    try sandbox.write("mechanics.yaml", "results: far\n")
    try sandbox.write("a/mechanics.yaml", "results: near\n")
    try sandbox.write("a/b/c", "")
    #expect(try setting("results", in: "\(sandbox.project)/a/b")[0] == "near")
  }

  @Test func theUsersFolderCanBeMoved() throws {
    sandbox.environment["XDG_CONFIG_HOME"] = "\(sandbox.folder.path)/config"
    try sandbox.folder.write("config/mechanics/config.yaml", "results: there\n")
    #expect(try setting("results")[0] == "there")
  }

  @Test func aFlagComesFirst() throws {
    sandbox.environment["MECHANICS_RESULTS"] = "environment"
    try sandbox.write("manifests/small.yaml", Example.small)
    _ = try sandbox.run("run", "--results", "flag")
    #expect(sandbox.exists("flag/small/runs.csv") && !sandbox.exists("environment"))
  }

  @Test(arguments: [
    (
      "cash: there\n",
      "unknown setting 'cash'; there are cache, executor, jobs, results, shared-caches, "
        + "cache-required, slurm, limits"
    ),
    ("limits: {descend: {seconds: 1}}\n", "limits of 'descend', which is no kind of stage"),
    ("limits: {gd: {minutes: 1}}\n", "limits of gd are whole numbers such as {seconds: 600"),
    ("jobs: none\n", "jobs must be a positive number, not 'none'"),
    ("[1]\n", "settings are a map"),
  ])
  func aBadFileIsNamed(text: String, message: String) throws {
    try sandbox.write("mechanics.yaml", text)
    let exit = try sandbox.run("config")
    #expect(exit.code == 2)
    #expect(exit.err.contains(message) && exit.err.contains("mechanics.yaml"), "\(exit)")
  }

  @Test func whatSlurmAndStagesAreGivenIsShownToo() throws {
    let user = "\(sandbox.folder.path)/home/.config/mechanics/config.yaml"
    try Folder.write(user, Array("slurm: {partition: short, account: theory}\n".utf8))
    try sandbox.write(
      "mechanics.yaml", "slurm: {partition: long, modules: [a, b]}\nlimits: {gd: {seconds: 9}}\n")
    let project = "\(sandbox.project)/mechanics.yaml"
    #expect(try setting("slurm.partition") == ["long", project])
    #expect(try setting("slurm.modules") == ["a b", project])
    #expect(try setting("slurm.account") == ["theory", user])
    #expect(try setting("limits.gd.seconds") == ["9", project])
  }

  @Test func forPeopleItIsATable() throws {
    #expect(try sandbox.run("config").out.contains(/^setting +value +source +meaning\n/))
  }
}
