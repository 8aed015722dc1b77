import Foundation

/// What one run of a program took.
struct Measurement {
  /// Processor seconds of the program and those of its children that it waited for.
  let cpu: Double
  let wall: Double
  /// The largest resident set of one process, in MiB.
  let peak: Double
  let status: Int32

  /// Runs a program to its end in a folder; what it prints goes to /dev/null.
  static func of(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) -> Measurement {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 1...2 as ClosedRange<Int32> {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words = (["env", "-C", folder.path] + arguments).map { strdup($0) } + [nil]
    var settings = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { for word in words + settings { free(word) } }
    var process = pid_t()
    var (status, usage) = (Int32(0), rusage())
    let start = ContinuousClock.now
    guard posix_spawnp(&process, words[0]!, &actions, nil, &words, &settings) == 0 else {
      return Measurement(cpu: .nan, wall: .nan, peak: .nan, status: 127)
    }
    while wait4(process, &status, 0, &usage) < 0 {}
    return Measurement(
      cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      wall: (ContinuousClock.now - start) / .seconds(1), peak: Double(usage.ru_maxrss) / 1024,
      status: status)
  }

  /// The run of the least processor time among several.
  static func best(
    of count: Int, _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) -> Measurement {
    (0..<count).map { _ in Measurement.of(arguments, in: folder, environment: environment) }
      .min { $0.cpu < $1.cpu }!
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
  }
}

/// A row of a table in Markdown.
func row(_ cells: [String]) { print("| " + cells.joined(separator: " | ") + " |") }

/// A heading row with its rule.
func header(_ cells: [String]) {
  row(cells)
  row(cells.map { _ in "---" })
}

func text(_ number: Double, _ digits: Int = 3) -> String { String(format: "%.\(digits)f", number) }

/// The built program; `make bench` builds it first.
let binary = URL(fileURLWithPath: ".build/release/mechanics").path
