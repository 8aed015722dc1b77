import TestSupport
import Testing

/// A blob that was altered in place is never believed.
struct DamageTests {
  private let sandbox: Sandbox
  private let before: [String: [UInt8]]

  init() throws {
    sandbox = try Example.accepted()
    before = try sandbox.results()
  }

  /// Tables are read whenever results are written.
  private static let table = "train.step.size,metric,statistic"

  @Test func verifyFindsIt() throws {
    #expect(try sandbox.run("cache", "verify").code == 0)
    try sandbox.damage(blobWith: DamageTests.table)
    let exit = try sandbox.run("cache", "verify")
    #expect(exit.code == 1)
    #expect(exit.err.contains(/^damaged: [0-9a-f]{64}\n/), "\(exit)")
    #expect(exit.out.contains("1 damaged, 1 stages to be made again"))
  }

  @Test func afterVerifyTheNextRunMakesItAgain() throws {
    try sandbox.damage(blobWith: DamageTests.table)
    _ = try sandbox.run("cache", "verify")
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.executed == 1)
    #expect(try sandbox.results() == before)
    #expect(try sandbox.run("cache", "verify").code == 0)
  }

  @Test func aRunThatReadsAResultMakesItAgainByItself() throws {
    try sandbox.damage(blobWith: DamageTests.table)
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.executed == 1, "\(exit)")
    #expect(exit.err.contains("damaged in the cache, made again: small/summary"), "\(exit)")
    #expect(try sandbox.results() == before)
    #expect(try sandbox.run("cache", "verify").code == 0)
  }

  @Test(arguments: ["finite-distance", "log-gradient-norms", "reduced-edges", "primalResidual"])
  func aStageThatReadsAnInputMakesItAgainByItself(mark: String) throws {
    try sandbox.damage(blobWith: mark)
    try sandbox.edit("manifests/small.yaml", "at-least: 0.05", "at-least: 0.04")
    let exit = try sandbox.run("run", "--force")
    #expect(exit.code == 0, "\(exit)")
    for (name, bytes) in try sandbox.results()
    where !["claims.json", "manifest.json"].contains(where: name.hasSuffix) {
      #expect(bytes == before[name], "\(name)")
    }
  }

  @Test func aDamagedInputOfAStageThatIsMissingIsMadeAgain() throws {
    try sandbox.damage(blobWith: "projected-correlation")
    try sandbox.edit("manifests/small.yaml", "at-least: 0.05", "at-least: 0.04")
    let exit = try sandbox.run("run")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.err.contains("damaged in the cache, made again: small/analysis"), "\(exit)")
    #expect(try sandbox.run("cache", "verify").code == 0)
  }

  @Test(arguments: 0..<8)
  func anyByteMayBeDamaged(eighth: Int) throws {
    try sandbox.damage(at: (Double(eighth) + 0.4) / 8)
    #expect(try sandbox.run("cache", "verify").code == 1)
    let exit = try sandbox.run("reproduce")
    #expect(exit.code == 0, "\(exit)")
    #expect(try sandbox.results() == before)
    #expect(try sandbox.run("cache", "verify").code == 0)
  }
}
