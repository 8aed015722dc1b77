import Glibc
import Storage

/// A program that is run to its end, with bytes on its standard input.
enum Subprocess {
  /// - Returns: its exit status; 128 and the signal where one ended it.
  static func run(_ arguments: [String], input: [UInt8]) throws(StoreError) -> Int32 {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw .system("cannot start", arguments[0], errno) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_adddup2(&actions, 2, 1)
    posix_spawn_file_actions_addclose(&actions, ends[1])
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, words[0]!, &actions, nil, &words, environ)
    close(ends[0])
    signal(SIGPIPE, SIG_IGN)
    var rest = input[...]
    while failure == 0, !rest.isEmpty {
      let wrote = rest.withUnsafeBytes { write(ends[1], $0.baseAddress!, $0.count) }
      if wrote <= 0 { break }
      rest = rest.dropFirst(wrote)
    }
    close(ends[1])
    guard failure == 0 else { throw .system("cannot start", arguments[0], failure) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signalled = status & 0x7f
    return signalled == 0 ? (status >> 8) & 0xff : 128 + signalled
  }
}
