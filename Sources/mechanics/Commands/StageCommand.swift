import ArgumentParser
import Glibc
import Pipeline
import Stages
import Storage

/// `mechanics stage`: executes one stage that has limits, for another process.
struct StageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stage",
    abstract: "Execute one stage, for a run that has limits.",
    shouldDisplay: false)

  @Argument(help: "The folder of the store.") var cache: String
  @Argument(help: "How much memory it may ask for, in 10⁶ bytes; 0 for any.") var megabytes: Int
  @Argument(help: "How long it may take, in seconds; 0 for any time.") var seconds: Int

  func run() throws {
    endWithParent()
    if seconds > 0 { alarm(UInt32(min(seconds, Int(UInt32.max)))) }
    if megabytes > 0 {
      var limit = rlimit(rlim_cur: rlim_t(megabytes * 1_000_000), rlim_max: rlim_t.max)
      setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
    }
    let job = try IsolatedJob(Descriptor.contents(of: STDIN_FILENO), .mechanics, Store(at: cache))
    Descriptor.write(job.run(), to: STDOUT_FILENO)
  }

  /// Ends this process where the one that asked for it is gone.
  private func endWithParent() {
    let parent = getppid()
    Task.detached {
      while getppid() == parent { try? await Task.sleep(for: .seconds(1)) }
      Glibc.exit(Failure.Code.environment.rawValue)
    }
  }
}
