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
    #expect(
      try setting("results", in: "\(sandbox.project)/a/b")[0] == "\(sandbox.project)/a/near")
  }

  @Test func pathsOfAFileStartAtItsFolder() throws {
    try sandbox.write("mechanics.yaml", "cache: cc\nresults: ../out\n")
    try sandbox.write("manifests/small.yaml", Example.small)
    try sandbox.write("sub/there", "")
    let place = "\(sandbox.project)/sub"
    let exit = try sandbox.start(["run", "../manifests/small.yaml"], in: place).wait()
    #expect(exit.code == 0, "\(exit)")
    #expect(sandbox.exists("cc") && sandbox.folder.exists("out/small/runs.csv"))
    #expect(!sandbox.exists("sub/cc") && !sandbox.exists("sub/out"))
    #expect(try setting("cache", in: place)[0] == "\(sandbox.project)/cc")
    sandbox.environment["MECHANICS_CACHE"] = "ee"
    #expect(try setting("cache", in: place)[0] == "ee")
  }

  @Test func aTildeIsTheHomeFolder() throws {
    let home = "\(sandbox.folder.path)/home"
    try sandbox.write("mechanics.yaml", "cache: ~/foo\nresults: ~x/y\n")
    #expect(try setting("cache")[0] == "\(home)/foo")
    #expect(try setting("results")[0] == "\(sandbox.project)/~x/y")
    sandbox.environment["MECHANICS_RESULTS"] = "~/there"
    #expect(try setting("results")[0] == "\(home)/there")
    try sandbox.write("manifests/small.yaml", Example.small)
    _ = try sandbox.run("run", "--results", "~/flag")
    #expect(sandbox.folder.exists("home/flag/small/runs.csv") && !sandbox.exists("~"))
  }

  @Test func theUsersFolderCanBeMoved() throws {
    sandbox.environment["XDG_CONFIG_HOME"] = "\(sandbox.folder.path)/config"
    try sandbox.folder.write("config/mechanics/config.yaml", "results: there\n")
    #expect(
      try setting("results")[0] == "\(sandbox.folder.path)/config/mechanics/there")
  }

  @Test func aFlagComesFirst() throws {
    sandbox.environment["MECHANICS_RESULTS"] = "environment"
    try sandbox.write("manifests/small.yaml", Example.small)
    _ = try sandbox.run("run", "--results", "flag")
    #expect(sandbox.exists("flag/small/runs.csv") && !sandbox.exists("environment"))
  }

  @Test(arguments: [
    ("cash: there\n", "1:1: the file has no setting 'cash'; did you mean 'cache'?"),
    ("jobs: 2\nresult: x\n", "2:1: the file has no setting 'result'; did you mean 'results'?"),
    (
      "limits: {summry: {seconds: 1}}\n",
      "1:10: limits has no key 'summry'; did you mean 'summary'?"
    ),
    ("limits: {gd: {second: 1}}\n", "1:15: limits.gd has no key 'second'; did you mean 'seconds'?"),
    ("limits: {gd: {seconds: 0}}\n", "1:24: limits.gd.seconds must be an integer from 1 to"),
    ("slurm: {time: long}\n", "1:15: slurm.time must be an integer from 1 to"),
    ("slurm: {acount: a}\n", "1:9: slurm has no key 'acount'; did you mean 'account'?"),
    ("jobs: none\n", "1:7: jobs must be an integer from 1 to 2^63-1, not the string 'none'"),
    ("executor: slum\n", "1:11: executor must be local or slurm, not the string 'slum'"),
    ("cache-required: yes\n", "1:17: cache-required must be true or false"),
    ("[1]\n", "1:1: settings are a map"),
  ])
  func aBadFileIsNamed(text: String, message: String) throws {
    try sandbox.write("mechanics.yaml", text)
    let exit = try sandbox.run("config")
    #expect(exit.code == 2)
    #expect(exit.err.hasPrefix("\(sandbox.project)/mechanics.yaml:\(message)"), "\(exit)")
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
