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
    #expect(try await remote.put(item, .bytes([1, 2, 3])))
    #expect(try await remote.put(item, .bytes([4])) == false)
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
            _ = try await remote.put(RemoteItem(.blob, Digest(of: [writer])), .bytes([writer]))
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
      try await remote.put(RemoteItem(.blob, Digest(of: [1])), .bytes([1]))
    }
    #expect(Folder.names("\(folder.path)/shared") == ["thesis.tex"])
  }

  /// A folder with the set-group-ID bit gives its group what the folder gives it, whatever the umask.
  @Test func filesGetTheGroupsPermissions() async throws {
    let path = "\(folder.path)/shared"
    Folder.makeFolder(path)
    chmod(path, 0o2770)
    let item = RemoteItem(.blob, Digest(of: [1]))
    _ = try await remote.put(item, .bytes([1]))
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

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }
}
