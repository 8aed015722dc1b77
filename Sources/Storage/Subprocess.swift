import Glibc

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
    let process = try start(arguments, input: pipe.reading, output: STDERR_FILENO, closing: pipe)
    close(pipe.reading)
    signal(SIGPIPE, SIG_IGN)
    var rest = input[...]
    while !rest.isEmpty {
      let wrote = rest.withUnsafeBytes { write(pipe.writing, $0.baseAddress!, $0.count) }
      if wrote <= 0 { break }
      rest = rest.dropFirst(wrote)
    }
    close(pipe.writing)
    return wait(process)
  }

  /// Runs a program without input and keeps what it prints.
  package static func output(of arguments: [String]) throws(StoreError) -> Exit {
    let pipe = try Pipe(for: arguments[0])
    let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(nothing) }
    let process = try start(arguments, input: nothing, output: pipe.writing, closing: pipe)
    close(pipe.writing)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(pipe.reading, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    close(pipe.reading)
    return Exit(status: wait(process), output: String(decoding: bytes, as: UTF8.self))
  }

  private struct Pipe {
    let reading: Int32
    let writing: Int32

    init(for program: String) throws(StoreError) {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw .system("cannot start", program, errno) }
      (reading, writing) = (ends[0], ends[1])
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }
  }

  /// Starts a program with these descriptors as its input, and as both of its outputs.
  private static func start(
    _ arguments: [String], input: Int32, output: Int32, closing pipe: Pipe
  ) throws(StoreError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, words[0]!, &actions, nil, &words, environ)
    guard failure == 0 else {
      close(pipe.reading)
      close(pipe.writing)
      throw .system("cannot start", arguments[0], failure)
    }
    return process
  }

  private static func wait(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signalled = status & 0x7f
    return signalled == 0 ? (status >> 8) & 0xff : 128 + signalled
  }
}
