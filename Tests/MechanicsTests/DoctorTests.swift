import Glibc
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

  @Test func noClusterAndNoSharedCacheAreFineUntilTheyAreWanted() throws {
    let sandbox = try Sandbox()
    let exit = try sandbox.run("doctor")
    #expect(exit.out.contains("ok    slurm: not here\n"), "\(exit)")
    #expect(exit.out.contains("ok    shared cache: none is set\n"), "\(exit)")
    sandbox.environment["MECHANICS_EXECUTOR"] = "slurm"
    let wanted = try sandbox.run("doctor")
    #expect(wanted.code == 4 && wanted.out.contains("FAIL  slurm: not here\n"), "\(wanted)")
  }

  /// Commands that find no controller say why; what they would say is their own.
  @Test func aSlurmThatDoesNotAnswerIsAWarning() throws {
    let sandbox = try Sandbox()
    for name in ["sbatch", "squeue", "scancel", "scontrol"] {
      let path = "bin/\(name)"
      try sandbox.folder.write(
        path, "#!/bin/sh\n[ $1 = ping ] && echo is DOWN && exit 1\necho x 9.1\n")
      chmod("\(sandbox.folder.path)/\(path)", 0o755)
    }
    let exit = try sandbox.run("doctor")
    #expect(exit.code == 0, "\(exit)")
    let line = "warn  slurm: sbatch, squeue, scancel, scontrol 9.1; is DOWN\n"
    #expect(exit.out.contains(line), "\(exit)")
  }

  @Test func aCacheThatCannotBeUsedIsFatal() throws {
    let sandbox = try Sandbox()
    sandbox.environment["MECHANICS_CACHE"] = "/proc/mechanics"
    let exit = try sandbox.run("doctor")
    #expect(exit.code == 4)
    #expect(exit.out.contains("FAIL  cache: "))
  }

  @Test func aVectorPathThatDoesNotExistIsRefused() throws {
    let sandbox = try Example.sandbox()
    sandbox.environment["MECHANICS_SIMD"] = "mmx"
    let exit = try sandbox.run("doctor")
    #expect(exit.code == 4)
    #expect(exit.out.contains("FAIL  vector path: ") && exit.out.contains("names none"), "\(exit)")
    let run = try sandbox.run("run")
    #expect(run.code == 2 && run.err.contains("MECHANICS_SIMD names no vector path"), "\(run)")
  }

  @Test func theVectorPathCanBeForced() throws {
    let sandbox = try Sandbox()
    sandbox.environment["MECHANICS_SIMD"] = "generic"
    #expect(try sandbox.run("doctor").out.contains("ok    vector path: generic\n"))
  }
}
