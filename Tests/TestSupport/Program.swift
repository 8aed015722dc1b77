import Glibc

/// A program that a test starts: its output goes to files, so no pipe ever fills.
package final class Program {
  /// How a program ended, and what it said.
  package struct Exit: Sendable, CustomStringConvertible {
    /// Its exit status; 128 and the signal where one ended it.
    package let code: Int32
    package let out: String
    package let err: String

    /// The last line of standard error.
    package var lastLine: String { err.split(separator: "\n").last.map(String.init) ?? "" }

    package var description: String { "exit \(code)\n-- out\n\(out)\n-- err\n\(err)" }
  }

  /// A program that takes longer than any does on a busy machine has stuck.
  static let patience = Duration.seconds(1200)

  private let process: pid_t
  private var hasEnded = false
  /// Where it runs; kept until it has ended.
  private let folder: Folder?
  private let files: (out: String, err: String)

  /// Starts `words` in `folder` with exactly this environment.
  package init(
    _ words: [String], in folder: String, environment: [String: String], logs: String,
    keeping kept: Folder? = nil
  ) throws(Failure) {
    self.folder = kept
    files = ("\(logs).out", "\(logs).err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (number, file) in [(Int32(1), files.out), (2, files.err)] {
      posix_spawn_file_actions_addopen(&actions, number, file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    // `env` changes the folder and then becomes the program, so it is signalled and waited for.
    var arguments = (["/usr/bin/env", "-C", folder] + words).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for word in arguments + variables { free(word) } }
    // The tests' threads block signals, and a daemon that inherits that cannot be asked to end.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var started = pid_t()
    let error = posix_spawn(&started, arguments[0]!, &actions, &attributes, &arguments, &variables)
    guard error == 0 else {
      throw Failure("cannot start \(words[0]): \(String(cString: strerror(error)))")
    }
    process = started
  }

  /// Nothing is left behind: the tests that expect a process to stop wait for any child, and would
  /// find one that nobody waits for again and again.
  deinit {
    guard !hasEnded else { return }
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
  }

  package func signal(_ number: Int32) { kill(process, number) }

  /// What it has said on standard error so far.
  package var errors: String { get throws(Failure) { try Folder.text(files.err) } }

  /// Whether it has not ended yet; how it ended is still to be waited for.
  package var isRunning: Bool {
    var state = siginfo_t()
    let flags = WEXITED | WNOHANG | WNOWAIT
    return !hasEnded && waitid(P_PID, id_t(process), &state, Int32(flags)) == 0
      && state.si_signo == 0
  }

  /// Waits until it ends.
  package func wait() throws(Failure) -> Exit {
    var status: Int32 = 0
    var pause: UInt32 = 500
    let deadline = ContinuousClock.now + Program.patience
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { break }
      guard ended == 0 || errno == EINTR else { throw Failure("nothing to wait for") }
      guard ContinuousClock.now < deadline else {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        hasEnded = true
        throw Failure("it did not end in time, and said: \(try Folder.text(files.err))")
      }
      usleep(pause)
      pause = min(pause * 2, 20_000)
    }
    hasEnded = true
    let signalled = status & 0x7f
    return Exit(
      code: signalled == 0 ? (status >> 8) & 0xff : 128 + signalled,
      out: try Folder.text(files.out), err: try Folder.text(files.err))
  }
}

/// What keeps a test from being made.
package struct Failure: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
