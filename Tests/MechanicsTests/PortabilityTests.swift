import Glibc
import TestSupport
import Testing

/// The same bits on every processor, with any number of jobs.
///
/// Variants/ has small experiments that use every variant of every stage. Their results and locks
/// must have the same bytes wherever they are made.
struct PortabilityTests {
  /// One way to run the program.
  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var variables: [String: String] = [:]
    var jobs = 2
  }

  static let ways =
    ["generic", "avx2", "avx512"].map {
      Way(testDescription: "MECHANICS_SIMD=\($0)", variables: ["MECHANICS_SIMD": $0])
    } + [
      Way(
        testDescription: "a C library without FMA",
        variables: ["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA"]),
      Way(
        testDescription: "a C library without FMA, MECHANICS_SIMD=generic",
        variables: ["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA", "MECHANICS_SIMD": "generic"]),
      Way(testDescription: "--jobs 1", jobs: 1),
      Way(testDescription: "--jobs 16", jobs: 16),
    ]

  /// The results of all variants, made on this processor as it is.
  private static let reference = Result { try made(by: Way(testDescription: "as it is")) }

  /// The results and locks that a way of running gives, with a cold cache.
  static func made(by way: Way, under launcher: [String] = []) throws -> [String: [UInt8]] {
    let sandbox = try Sandbox()
    let folder = "\(Sandbox.package)/Tests/MechanicsTests/Variants"
    for name in Folder.names(folder) {
      try Folder.write("\(sandbox.project)/manifests/\(name)", Folder.bytes("\(folder)/\(name)"))
    }
    sandbox.environment.merge(way.variables) { $1 }
    sandbox.launcher = launcher
    let exit = try sandbox.run("accept", "--jobs", String(way.jobs))
    guard exit.code == 0 else { throw Failure("\(exit)") }
    return try sandbox.results()
  }

  @Test func everyVariantIsAmongThem() throws {
    let results = try PortabilityTests.reference.get()
    let experiments = Folder.names("\(Sandbox.package)/Tests/MechanicsTests/Variants").filter {
      $0.hasSuffix(".yaml")
    }
    #expect(experiments.count >= 10)
    for name in experiments { #expect(results["\(name.dropLast(5))/lock.csv"] != nil) }
    #expect(results.keys.filter { $0.hasSuffix(".vl.json") }.count >= 4)
  }

  @Test(arguments: ways)
  func theBytesAreTheSame(way: Way) throws {
    let expected = try PortabilityTests.reference.get()
    #expect(try PortabilityTests.made(by: way) == expected)
  }

  @Test(
    .enabled(
      if: Emulator.isHere || Emulator.isNeeded,
      "qemu-x86_64 is missing; on Debian it is in the package qemu-user"),
    arguments: ["Nehalem", "Haswell"])
  func theBytesAreTheSameOnOldProcessors(processor: String) throws {
    try #require(
      Emulator.isHere, "qemu-x86_64 is missing; on Debian it is in the package qemu-user")
    let expected = try PortabilityTests.reference.get()
    let way = Way(testDescription: processor)
    let made = try PortabilityTests.made(by: way, under: [Emulator.path, "-cpu", processor])
    #expect(made == expected)
  }

  @Test(
    .enabled(
      if: Emulator.isHere || Emulator.isNeeded,
      "qemu-x86_64 is missing; on Debian it is in the package qemu-user"))
  func theKernelsAgreeWithThoseOfArm64() throws {
    let exit = try Sandbox().system("sh", "\(Sandbox.package)/Tests/Portability/kernels.sh")
    if exit.code == 2 && !Emulator.isNeeded { return }
    #expect(exit.code == 0, "\(exit)")
  }
}

/// The emulator of other processors.
enum Emulator {
  static let path = "/usr/bin/qemu-x86_64"
  static var isHere: Bool { access(path, X_OK) == 0 }
  /// Continuous integration installs it, so there its absence is a failure.
  static var isNeeded: Bool { getenv("CI") != nil }
}
