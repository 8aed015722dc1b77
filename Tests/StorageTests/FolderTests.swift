import Canonical
import Foundation
import StorageToys
import Testing

@testable import Storage

/// What a store does with a folder that is not as it should be.
@Suite struct FolderTests {
  @Test func aNewerFormatIsRefused() throws {
    let folder = try StoreFolder()
    try Data("mechanics store 2\nmore".utf8).write(to: URL(filePath: "\(folder.path)/format"))
    let error = try #require(throws: StoreError.self) { try folder.store }
    #expect(
      error.description == "\(folder.path) holds 'mechanics store 2', not 'mechanics store 1': "
        + "use a newer mechanics, or set MECHANICS_CACHE to another folder")
  }

  @Test func aFolderThatIsNoStoreIsRefused() throws {
    let folder = try StoreFolder()
    try Data("hello".utf8).write(to: URL(filePath: "\(folder.path)/notes.txt"))
    #expect(throws: StoreError.format(path: folder.path, found: "notes.txt")) {
      try folder.store
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["notes.txt"])
  }

  @Test func aFileIsRefused() throws {
    let folder = try StoreFolder()
    let path = "\(folder.path)/file"
    try Data("hello".utf8).write(to: URL(filePath: path))
    #expect(throws: StoreError.system("cannot list", path, ENOTDIR)) { try Store(at: path) }
  }

  @Test func foldersAboveAreMade() throws {
    let folder = try StoreFolder()
    let path = "\(folder.path)/a/b/c"
    try Store(at: path).commit(Work(1))
    #expect(try Store(at: path).holds(Work(1)))
  }

  /// The process that made it died early, or lost its power.
  @Test(arguments: [["segments"], ["segments", "format"], ["segments", "format.7.1.tmp"]])
  func aHalfMadeStoreIsFinished(names: [String]) throws {
    let folder = try StoreFolder()
    for name in names {
      let path = "\(folder.path)/\(name)"
      if name == "segments" {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      } else {
        try Data().write(to: URL(filePath: path))
      }
    }
    try folder.store.commit(Work(1))
    #expect(try folder.store.holds(Work(1)))
  }

  /// A pack is made before its log; a process may die in between.
  @Test func aPackWithoutALogIsNobodys() throws {
    let folder = try StoreFolder()
    _ = try folder.store
    try folder.write([1, 2, 3], "pack")
    try folder.store.commit(Work(1))
    #expect(try folder.store.holds(Work(1)))
  }
}
