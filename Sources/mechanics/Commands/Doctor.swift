import ArgumentParser
import Canonical
import Cluster
import Glibc
import Manifests
import Remotes
import Report
import Storage
import Theory

/// `mechanics doctor`
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the environment: libraries, processor, caches, disk, drawing, Slurm.",
    discussion: "Ends with 4 where something is missing without which nothing runs.")

  private struct Finding {
    let name: String
    let text: String
    var isFatal = false
    var advice: String?
  }

  func run() async throws {
    let settings = try Settings()
    var findings = [
      Finding(name: "mechanics", text: Mechanics.version),
      Finding(name: "system", text: Machine.system),
      Finding(name: "processor", text: "\(Machine.processor), \(Machine.cores) cores"),
      simd, Finding(name: "libyaml", text: Manifest.parserVersion),
      cache(settings[.cache]), disk(settings[.cache]), drawing,
      slurm(isWanted: settings[.executor] == "slurm"),
    ]
    let locations = try settings.remoteLocations
    if locations.isEmpty { findings.append(Finding(name: "shared cache", text: "none is set")) }
    for location in locations {
      findings.append(await sharedCache(location, isRequired: settings.isCacheRequired))
    }
    for finding in findings {
      Console.out("\(finding.isFatal ? "FAIL" : finding.advice == nil ? "ok  " : "warn")  ")
      Console.out("\(finding.name): \(finding.text)\n")
      if let advice = finding.advice { Console.out("      \(advice)\n") }
    }
    if findings.contains(where: \.isFatal) { throw ExitCode(.environment) }
  }

  private var simd: Finding {
    guard Kernels.isRequestValid else {
      return Finding(
        name: "vector path", text: "\(Kernels.simd); MECHANICS_SIMD names none", isFatal: true,
        advice: "set it to generic, avx2 or avx512, or unset it")
    }
    return Finding(name: "vector path", text: Kernels.simd)
  }

  private func cache(_ path: String) -> Finding {
    do throws(StoreError) {
      let store = try Store(at: path)
      let info = try store.info()
      let text = "\(path): \(info.records) records, \(info.fileBytes) bytes"
      return store.isWritable
        ? Finding(name: "cache", text: text)
        : Finding(
          name: "cache", text: "\(text), read-only",
          advice: "set MECHANICS_CACHE to a folder you may write, to run what is missing")
    } catch {
      return Finding(name: "cache", text: error.description, isFatal: true)
    }
  }

  private func disk(_ path: String) -> Finding {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return Finding(name: "disk", text: "unknown") }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    return Finding(
      name: "disk", text: "\(free >> 20) MiB free",
      advice: free < 1 << 28 ? "make room, or set MECHANICS_CACHE to another disk" : nil)
  }

  /// Asks for an entry that nobody has.
  private func sharedCache(_ location: RemoteLocation, isRequired: Bool) async -> Finding {
    let clock = ContinuousClock()
    let start = clock.now
    do throws(RemoteError) {
      _ = try await location.open().get(RemoteItem(.entry, Digest(of: "nothing")), limit: 1 << 20)
      let milliseconds = Int((clock.now - start) / .milliseconds(1))
      return Finding(
        name: "shared cache",
        text: "\(location.name): answers in \(milliseconds) ms"
          + (location.isReadOnly ? ", read-only" : ""))
    } catch {
      return Finding(
        name: "shared cache", text: error.description, isFatal: isRequired,
        advice: "runs go on without it")
    }
  }

  /// A cluster is optional, but where runs are set to go to one.
  private func slurm(isWanted: Bool) -> Finding {
    let slurm = SlurmState()
    guard slurm.isHere else {
      return Finding(
        name: "slurm", text: "not here", isFatal: isWanted,
        advice: isWanted ? "'executor: slurm' needs Slurm's commands on this machine" : nil)
    }
    if let problem = slurm.problem {
      let text = ([slurm.versions, problem].filter { !$0.isEmpty }).joined(separator: "; ")
      return Finding(
        name: "slurm", text: text, isFatal: isWanted,
        advice: "runs on a cluster need a controller that answers: see 'scontrol ping', SLURM_CONF")
    }
    let accounting = slurm.hasAccounting ? "accounting" : "no accounting, which is not needed"
    return Finding(name: "slurm", text: "\(slurm.versions); it answers; \(accounting)")
  }

  private var drawing: Finding {
    Drawing().map { Finding(name: "drawing", text: "vl-convert in \($0.python)") }
      ?? Finding(
        name: "drawing", text: "vl-convert is missing; figures stay specifications",
        advice: "'make figures' sets it up in .venv; MECHANICS_PYTHON may name another Python")
  }
}
