import TestSupport
import Testing

/// `doctor` checks the environment.
struct DoctorTests {
  @Test func allIsWellHere() throws {
    let exit = try Sandbox().run("doctor")
    #expect(exit.code == 0)
    for name in ["mechanics", "system", "processor", "vector path", "libyaml", "cache", "disk"] {
      #expect(exit.out.contains("ok    \(name): "), "\(exit)")
    }
  }

  @Test func aMissingToolIsAWarningWithAdvice() throws {
    let exit = try Sandbox().run("doctor")
    #expect(exit.out.contains("warn  drawing: vl-convert is missing"))
    #expect(exit.out.contains("'make figures' sets it up in .venv"))
  }

  @Test func aCacheThatCannotBeUsedIsFatal() throws {
    let sandbox = try Sandbox()
    sandbox.environment["MECHANICS_CACHE"] = "/proc/mechanics"
    let exit = try sandbox.run("doctor")
    #expect(exit.code == 4)
    #expect(exit.out.contains("FAIL  cache: "))
  }

  @Test func aVectorPathThatDoesNotExistIsAWarning() throws {
    let sandbox = try Sandbox()
    sandbox.environment["MECHANICS_SIMD"] = "mmx"
    let exit = try sandbox.run("doctor")
    #expect(exit.code == 0)
    #expect(exit.out.contains("MECHANICS_SIMD names none"))
  }

  @Test func theVectorPathCanBeForced() throws {
    let sandbox = try Sandbox()
    sandbox.environment["MECHANICS_SIMD"] = "generic"
    #expect(try sandbox.run("doctor").out.contains("ok    vector path: generic\n"))
  }
}
