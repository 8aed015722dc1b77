import Foundation
import Testing

@testable import Storage

/// Files of results change as a whole or not at all, and nothing else stays in their folder.
@Suite struct ReplacingTests {
  @Test func aFileIsReplacedWholeAndOnlyIfItChanges() throws {
    let folder = try StoreFolder()
    let path = "\(folder.path)/file"
    #expect(try File.replace(path, with: [1, 2]))
    #expect(try !File.replace(path, with: [1, 2]))
    #expect(try File.replace(path, with: [3]))
    #expect(try File.contents(of: path) == [3])
    #expect(try File.names(in: folder.path) == ["file"])
  }

  @Test func aFileIsReplacedByManyAtOnce() async throws {
    let folder = try StoreFolder()
    let path = "\(folder.path)/file"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in UInt8(0)..<4 {
        group.addTask {
          for _ in 0..<100 {
            try File.replace(path, with: .init(repeating: writer, count: 999))
            try File.removeLeftovers(in: folder.path)
          }
        }
      }
      try await group.waitForAll()
    }
    let bytes = try #require(try File.contents(of: path))
    #expect(bytes.count == 999 && Set(bytes).count == 1)
    #expect(try File.names(in: folder.path) == ["file"])
  }

  @Test func whatAKilledProcessLeftIsRemoved() throws {
    let folder = try StoreFolder()
    let path = "\(folder.path)/results"
    try File.makeFolder(path)
    for name in ["table.csv", "table.csv.7.1.tmp", "table.csv.7.2.tmp"] {
      try File.replace("\(path)/\(name)", with: [1])
    }
    let writing = try File("\(path)/table.csv.7.2.tmp", O_WRONLY)
    #expect(try writing.tryLock(.exclusive))
    try File.removeLeftovers(in: path)
    #expect(try File.names(in: path) == ["table.csv", "table.csv.7.2.tmp"])
  }
}
