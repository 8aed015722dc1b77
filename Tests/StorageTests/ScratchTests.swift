import Canonical
import Foundation
import Testing

@testable import Storage

@Suite struct ScratchTests {
  @Test func whatIsAppendedIsReadFromAnywhere() throws {
    let folder = try StoreFolder()
    let scratch = try folder.store.scratch()
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 31) }
    for start in stride(from: 0, to: bytes.count, by: 777) {
      try bytes[start..<min(start + 777, bytes.count)].withUnsafeBytes { try scratch.append($0) }
    }
    #expect(try scratch.read(at: 0, count: bytes.count) == bytes)
    #expect(try scratch.read(at: 770, count: 20) == Array(bytes[770..<790]))
    #expect(try scratch.read(at: bytes.count, count: 0).isEmpty)
  }

  @Test func itHasNoNameAndIsNobodyElses() throws {
    let folder = try StoreFolder()
    let store = try folder.store
    let scratches = try (0..<3).map { _ in try store.scratch() }
    for (number, scratch) in scratches.enumerated() {
      try [UInt8(number)].withUnsafeBytes { try scratch.append($0) }
    }
    #expect(try scratches.map { try $0.read(at: 0, count: 1) } == [[0], [1], [2]])
    #expect(try !File.names(in: folder.path).contains { $0.hasPrefix("scratch") })
  }

  @Test func theDigestOfAFileIsThatOfItsBytes() throws {
    let folder = try StoreFolder()
    let bytes = (0..<(5 << 19)).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    try File.replace("\(folder.path)/large", with: bytes)
    #expect(try File.digest(of: "\(folder.path)/large") == Digest(of: bytes))
  }

  @Test func aFileThatIsNotThereIsAnErrorThatNamesIt() throws {
    let error = #expect(throws: StoreError.self) { try File.digest(of: "/nowhere/at/all") }
    #expect(error.map { "\($0)" }?.contains("/nowhere/at/all") == true)
  }
}
