import Canonical
import Storage
import StorageToys
import Testing

@testable import Remotes

/// What a remote sends under a key is checked before it is believed.
struct SharedEntryTests {
  private let work = Work(1)

  @Test func aRecordComesBack() throws {
    guard
      case .record(let read) = try SharedEntry(SharedEntry.record(work.record).bytes, key: work.key)
    else { throw Refusal("a bundle") }
    #expect(read == work.record)
  }

  @Test func aBundleComesBack() throws {
    let blob = Blob(of: [1, 2, 3])
    guard case .bundle(let read) = try SharedEntry(SharedEntry.bundle(blob).bytes, key: work.key)
    else { throw Refusal("a record") }
    #expect(read == blob)
    var bundle = Bundle()
    bundle.records = [work.record, Work(2).record]
    bundle.contents = [[], [1, 2]]
    let again = try #require(Bundle(bundle.bytes))
    #expect(again.records == bundle.records && again.contents == bundle.contents)
  }

  @Test func aRecordOfAnotherKeyIsRefused() {
    #expect(throws: Refusal.self) {
      try SharedEntry(SharedEntry.record(work.record).bytes, key: Work(2).key)
    }
  }

  @Test func aNewerFormatIsNamed() throws {
    let newer = ActionResult(output: Array("mechanics record 2\nmore".utf8)).bytes
    let refusal = try #require(throws: Refusal.self) { try SharedEntry(newer, key: work.key) }
    #expect(
      refusal.description.contains("newer format 'mechanics record 2': use a newer mechanics"))
  }

  @Test func anotherProgramsEntryIsRefused() {
    let foreign = ActionResult(files: [.init(path: "a.o", blob: Blob(of: [1]))]).bytes
    #expect(throws: Refusal.self) { try SharedEntry(foreign, key: work.key) }
  }

  /// Whatever byte is damaged or missing, the program goes on, and what it reads is the same or none.
  @Test func noDamageIsFatal() {
    let bytes = SharedEntry.record(work.record).bytes
    for place in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[place] ^= 1 << bit
        if case .record(let read)? = try? SharedEntry(damaged, key: work.key) {
          #expect(read.key == work.key && read.preimage == work.preimage)
        }
      }
      if case .record(let read)? = try? SharedEntry(Array(bytes[..<place]), key: work.key) {
        #expect(read == work.record, "only what the server notes for itself was cut off")
      }
    }
  }

  @Test func impossibleSizesTimesAndNamesAreRefused() {
    func record(time: Int = 0, size: Int = 1, producer: String = "p") -> Record {
      Record(
        key: work.key, preimage: work.preimage, details: Blob(of: work.details),
        outputs: [Blob(digest: work.key, size: size)], producer: producer, time: time, seconds: 0)
    }
    #expect(throws: Never.self) { try record().check(work.key) }
    for bad in [
      record(time: -1), record(time: .max), record(size: .max), record(producer: "a\u{1b}[2J"),
    ] {
      #expect(throws: Refusal.self) { try bad.check(work.key) }
    }
  }
}
