import Glibc
import TestSupport
import Testing

@testable import Storage

@Suite struct LockTests {
  /// As a program has one that another thread is just starting.
  @Test func aCopyOfTheDescriptorDoesNotKeepTheLock() throws {
    let folder = try Folder()
    let path = "\(folder.path)/lock"
    var file: File? = try File(path, O_RDWR | O_CREAT)
    #expect(try file!.tryLock(.exclusive))
    let copy = dup(file!.descriptor)
    defer { close(copy) }
    let other = try File(path, O_RDWR)
    #expect(try !other.tryLock(.shared))
    file = nil
    #expect(try other.tryLock(.shared))
  }
}
