import Canonical
import Glibc
import Storage
import TestSupport
import Testing

@testable import Remotes

/// A shared folder as a cache.
struct FolderRemoteTests {
  private let folder: Folder
  private let remote: FolderRemote

  init() throws {
    folder = try Folder()
    remote = FolderRemote(name: "file://test", path: "\(folder.path)/shared")
  }

  @Test func whatWasPutIsThereAndIsNeverOverwritten() async throws {
    let item = RemoteItem(.entry, Digest(of: "key"))
    #expect(try await remote.get(item, limit: 100) == nil)
    #expect(try await remote.put(item, .bytes([1, 2, 3]), repairs: false))
    #expect(try await remote.put(item, .bytes([4]), repairs: false) == false)
    #expect(try await remote.get(item, limit: 100) == [1, 2, 3])
    #expect(try await remote.list(.entry).map(\.item) == [item])
    #expect(try await remote.list(.blob).isEmpty)
    try await remote.remove(item)
    try await remote.remove(item)
    #expect(try await remote.list(.entry).isEmpty)
  }

  @Test func aNewerFormatIsAnError() async throws {
    try folder.write("shared/format", "mechanics shared cache 2\n")
    let error = await #expect(throws: RemoteError.self) {
      try await remote.get(RemoteItem(.blob, Digest(of: "x")), limit: 1)
    }
    #expect(
      "\(error!)".contains("'mechanics shared cache 2'") && "\(error!)".contains("newer mechanics"))
  }

  /// Who comes first makes the folder a shared cache, while the others look whether it is one.
  @Test func manyBeginAtOnce() async throws {
    for trial in 0..<50 {
      let remote = FolderRemote(name: "file://test", path: "\(folder.path)/shared-\(trial)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in UInt8(0)..<16 {
          group.addTask {
            _ = try await remote.put(
              RemoteItem(.blob, Digest(of: [writer])), .bytes([writer]), repairs: false)
          }
        }
        try await group.waitForAll()
      }
      #expect(try await remote.list(.blob).count == 16)
    }
  }

  @Test func aFolderOfOtherThingsIsLeftAlone() async throws {
    try folder.write("shared/thesis.tex", "x")
    await #expect(throws: RemoteError.self) {
      try await remote.put(RemoteItem(.blob, Digest(of: [1])), .bytes([1]), repairs: false)
    }
    #expect(Folder.names("\(folder.path)/shared") == ["thesis.tex"])
  }

  /// A folder with the set-group-ID bit gives its group what the folder gives it, whatever the umask.
  @Test func filesGetTheGroupsPermissions() async throws {
    let path = "\(folder.path)/shared"
    Folder.makeFolder(path)
    chmod(path, 0o2770)
    let item = RemoteItem(.blob, Digest(of: [1]))
    _ = try await remote.put(item, .bytes([1]), repairs: false)
    let hex = item.digest.hex
    #expect(mode("\(path)/cas") == 0o2770 && mode("\(path)/cas/\(hex.prefix(2))") == 0o2770)
    #expect(mode("\(path)/cas/\(hex.prefix(2))/\(hex)") == 0o440)
    #expect(mode("\(path)/format") == 0o440)
  }

  @Test func aLinkOutOfTheFolderIsNotFollowed() async throws {
    let item = RemoteItem(.blob, Digest(of: [7]))
    try folder.write("secret", "\u{7}")
    try folder.write("shared/format", "\(FolderRemote.formatName)\n")
    let place = "\(folder.path)/shared/cas/\(item.digest.hex.prefix(2))"
    Folder.makeFolder(place)
    symlink("\(folder.path)/secret", "\(place)/\(item.digest.hex)")
    await #expect(throws: RemoteError.self) { try await remote.get(item, limit: 10) }
  }

  @Test func aTruncatedBlobIsReplaced() async throws {
    let bytes: [UInt8] = [1, 2, 3]
    let item = RemoteItem(.blob, Digest(of: bytes))
    _ = try await remote.put(item, .bytes(bytes), repairs: false)
    try damage(item, [1])
    _ = try await remote.put(item, .bytes(bytes), repairs: false)
    #expect(try await remote.get(item, limit: 10) == bytes)
  }

  /// Its size is right, so that only who doubts it finds it.
  @Test func anAlteredBlobIsReplacedWhereItIsInDoubt() async throws {
    let bytes: [UInt8] = [1, 2, 3]
    let item = RemoteItem(.blob, Digest(of: bytes))
    _ = try await remote.put(item, .bytes(bytes), repairs: false)
    try damage(item, [3, 2, 1])
    _ = try await remote.put(item, .bytes(bytes), repairs: false)
    #expect(try await remote.get(item, limit: 10) == [3, 2, 1])
    _ = try await remote.put(item, .bytes(bytes), repairs: true)
    #expect(try await remote.get(item, limit: 10) == bytes)
  }

  @Test func anEntryInDoubtIsReplaced() async throws {
    let item = RemoteItem(.entry, Digest(of: "key"))
    _ = try await remote.put(item, .bytes([]), repairs: false)
    #expect(try await remote.put(item, .bytes([1, 2]), repairs: true))
    #expect(try await remote.get(item, limit: 10) == [1, 2])
  }

  /// Nobody waits for somebody to write into it.
  @Test(.timeLimit(.minutes(1))) func aPipeIsNoItem() async throws {
    let bytes: [UInt8] = [7]
    let item = RemoteItem(.blob, Digest(of: bytes))
    _ = try await remote.put(item, .bytes(bytes), repairs: false)
    unlink(place(item))
    mkfifo(place(item), 0o600)
    await #expect(throws: RemoteError.self) { try await remote.get(item, limit: 10) }
    _ = try await remote.put(item, .bytes(bytes), repairs: false)
    #expect(try await remote.get(item, limit: 10) == bytes)
  }

  /// Opening the format hangs, as everything in a folder does whose server is gone.
  @Test(.timeLimit(.minutes(1))) func aFolderThatHangsIsLeftAlone() async throws {
    Folder.makeFolder("\(folder.path)/shared")
    let format = "\(folder.path)/shared/format"
    mkfifo(format, 0o600)
    let remote = FolderRemote(name: "file://test", path: "\(folder.path)/shared", patience: 0)
    let item = RemoteItem(.blob, Digest(of: "x"))
    for _ in 0..<100 {
      let error = await #expect(throws: RemoteError.self) { try await remote.get(item, limit: 1) }
      #expect(error == .stuck(remote: "file://test", seconds: 0))
    }
    // Lets the one thread go that waits.
    close(open(format, O_RDWR | O_NONBLOCK))
  }

  /// It is there or it is not, whatever happens while it is looked for.
  @Test func whatIsRemovedMeanwhileIsMissing() async throws {
    let item = RemoteItem(.blob, Digest(of: [1]))
    _ = try await remote.put(item, .bytes([1]), repairs: false)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [remote] in
        for _ in 0..<1000 {
          try await remote.remove(item)
          _ = try await remote.put(item, .bytes([1]), repairs: false)
        }
      }
      for _ in 0..<3 {
        group.addTask { [remote] in
          for _ in 0..<2000 {
            let bytes = try await remote.get(item, limit: 10)
            #expect(bytes == nil || bytes == [1])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func place(_ item: RemoteItem) -> String {
    let hex = item.digest.hex
    return "\(folder.path)/shared/\(item.kind.rawValue)/\(hex.prefix(2))/\(hex)"
  }

  private func damage(_ item: RemoteItem, _ bytes: [UInt8]) throws {
    chmod(place(item), 0o600)
    try Folder.write(place(item), bytes)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }
}
