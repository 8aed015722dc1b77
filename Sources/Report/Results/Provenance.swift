import Canonical
import Glibc
import Pipeline

/// By whom, when and on what an experiment's results were made; never part of a result.
package struct Provenance: Sendable {
  package static let name = "provenance.json"
  package let value: Value

  /// - Parameters:
  ///   - version: the program's.
  ///   - simd: the vector path in use.
  ///   - executed: how many stages were executed.
  ///   - reused: how many stages' outputs were there.
  package init(
    manifest: String, digest: Digest, version: String, simd: String, executed: Int, reused: Int
  ) {
    value = [
      "mechanics": .string(version), "manifest": .string(manifest),
      "manifest-sha256": .string(digest.hex), "host": .string(Machine.host),
      "system": .string(Machine.system), "processor": .string(Machine.processor),
      "simd": .string(simd), "time": .integer(SystemClock.now),
      "stages": ["executed": .integer(executed), "reused": .integer(reused)],
    ]
  }
}

/// The machine that the program runs on.
package enum Machine {
  package static var host: String { names { $0.nodename } }

  /// Kernel, its release and the architecture.
  package static var system: String {
    [names { $0.sysname }, names { $0.release }, names { $0.machine }].joined(separator: " ")
  }

  /// The processor's name; the architecture where the system does not tell.
  package static var processor: String {
    guard let file = fopen("/proc/cpuinfo", "r") else { return names { $0.machine } }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") {
        return String(text[text.index(colon, offsetBy: 2)...].dropLast())
      }
    }
    return names { $0.machine }
  }

  /// How many processors the program may use.
  package static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// The processor time that all threads of this program took so far.
  package static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  private static func names<Field>(_ field: (utsname) -> Field) -> String {
    var names = utsname()
    uname(&names)
    return withUnsafeBytes(of: field(names)) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
