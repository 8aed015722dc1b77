import Glibc
import Synchronization

/// A program that is run to its end.
package enum Subprocess {
  /// What a program said, and how it ended.
  package struct Exit: Sendable {
    /// Its exit status; 128 and the signal where one ended it.
    package let status: Int32
    /// What it wrote on standard output and standard error, in the order in which it came.
    package let output: String
  }

  /// Runs a program with bytes on its standard input; what it prints goes to standard error.
  /// - Returns: its exit status; 128 and the signal where one ended it.
  package static func run(_ arguments: [String], input: [UInt8]) throws(StoreError) -> Int32 {
    let pipe = try Pipe(for: arguments[0])
    let process = try start(arguments, input: pipe.reading, output: STDERR_FILENO, STDERR_FILENO)
    pipe.closeReading()
    pipe.feed(input)
    return wait(process).status
  }

  /// Runs a program without input and keeps what it prints.
  package static func output(of arguments: [String]) throws(StoreError) -> Exit {
    let pipe = try Pipe(for: arguments[0])
    let nothing = try File("/dev/null", O_RDONLY)
    let process = try start(
      arguments, input: nothing.descriptor, output: pipe.writing, pipe.writing)
    let bytes = pipe.contents()
    return Exit(status: wait(process).status, output: String(decoding: bytes, as: UTF8.self))
  }

  /// What a program answered.
  package struct Exchange: Sendable {
    /// Its exit status; 128 and the signal where one ended it.
    package let status: Int32
    /// The most memory that it had, in 10⁶ bytes.
    package let peak: Int
    /// What it wrote on standard output.
    package let output: [UInt8]
  }

  /// Runs a program that reads all of its standard input before it writes; what it has to say
  /// beside its answer, such as where it crashed, is dropped.
  package static func exchange(
    _ arguments: [String], input: [UInt8]
  ) throws(StoreError) -> Exchange {
    let (question, answer) = (try Pipe(for: arguments[0]), try Pipe(for: arguments[0]))
    let nothing = try File("/dev/null", O_RDWR)
    let process = try start(
      arguments, input: question.reading, output: answer.writing, nothing.descriptor)
    question.closeReading()
    question.feed(input)
    let output = answer.contents()
    let end = wait(process)
    return Exchange(status: end.status, peak: end.peak, output: output)
  }

  /// Starts a program with these descriptors as its input, its output and for its errors.
  private static func start(
    _ arguments: [String], input: Int32, output: Int32, _ errors: Int32
  ) throws(StoreError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads that stages run in have all signals blocked, and a program would inherit that.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    // And who ignores a request to end, for its own reasons, does not do so for others.
    sigaddset(&signals, SIGTERM)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let failure = inheritance.withLock { running in
      let failure = posix_spawnp(&process, words[0]!, &actions, &attributes, &words, environ)
      if failure == 0 { running.insert(process) }
      return failure
    }
    guard failure == 0 else { throw .system("cannot start", arguments[0], failure) }
    return process
  }

  /// Asks all programs that run to end.
  package static func terminateAll() {
    inheritance.withLock { running in
      for process in running { kill(process, SIGTERM) }
    }
  }

  private static func wait(_ process: pid_t) -> (status: Int32, peak: Int) {
    var (state, status, usage) = (siginfo_t(), Int32(0), rusage())
    // It keeps its number until it is waited for, so no other program is taken for it.
    while waitid(P_PID, id_t(process), &state, Int32(WEXITED | WNOWAIT)) < 0 && errno == EINTR {}
    _ = inheritance.withLock { $0.remove(process) }
    while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
    let signalled = status & 0x7f
    return (
      signalled == 0 ? (status >> 8) & 0xff : 128 + signalled, usage.ru_maxrss * 1024 / 1_000_000
    )
  }
}

/// Held while a program is started, and while there are descriptors that it would inherit: one that
/// got the writing end of another's pipe would keep that from ever coming to its end. In it are the
/// programs that run.
private let inheritance = Mutex<Set<pid_t>>([])

/// Two connected descriptors, closed when they are let go.
private final class Pipe {
  private(set) var reading: Int32
  private(set) var writing: Int32

  init(for program: String) throws(StoreError) {
    var ends: [Int32] = [0, 0]
    let failure = inheritance.withLock { _ in
      guard pipe(&ends) == 0 else { return errno }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return 0
    }
    guard failure == 0 else { throw .system("cannot start", program, failure) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    closeReading()
    closeWriting()
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  private func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  /// Writes all of `bytes`, as far as they are read, and closes the end.
  func feed(_ bytes: [UInt8]) {
    signal(SIGPIPE, SIG_IGN)
    Descriptor.write(bytes, to: writing)
    closeWriting()
  }

  /// Closes the other end here, and reads all that comes.
  func contents() -> [UInt8] {
    closeWriting()
    return Descriptor.contents(of: reading)
  }
}
