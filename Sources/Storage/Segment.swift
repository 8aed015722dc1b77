import Canonical
import Glibc

/// One pair of files: a log of entries, and a pack in which the blobs lie.
///
/// A segment has at most one writer at a time, the holder of its log's lock; anyone may read.
/// Both files only grow, so what a reader has seen stays where it is.
final class Segment {
  let number: Int
  private let log: File
  private let pack: File
  /// The part of the log that has been read and is sound; what the index points into.
  private(set) var image: [UInt8] = []
  private(set) var damagedStretches = 0
  /// Where the next blob goes; known to the writer only.
  private var packEnd = 0

  private init(number: Int, log: File, pack: File) {
    (self.number, self.log, self.pack) = (number, log, pack)
  }

  static func path(_ folder: String, _ number: Int, _ suffix: String) -> String {
    let digits = String(number)
    return "\(folder)/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).\(suffix)"
  }

  /// Opens the segment `number`; a new one where `create` is set.
  static func open(
    _ folder: String, _ number: Int, writable: Bool, create: Bool = false
  ) throws(StoreError) -> Segment {
    let flags = writable ? O_RDWR : O_RDONLY
    let creation = create ? O_CREAT : 0
    return Segment(
      number: number, log: try File(path(folder, number, "log"), flags | creation),
      pack: try File(path(folder, number, "pack"), flags | creation))
  }

  /// Reads what the log has gained and calls `body` with each new entry and its place in `image`.
  func refresh(_ body: (Entry, Int) -> Void) throws(StoreError) {
    let size = try log.size()
    guard size > image.count else { return }
    let start = image.count
    let gained = try log.read(at: start, count: size - start)
    if start == 0 { image = gained } else { image += gained }
    let (end, damaged) = image.withUnsafeBytes { bytes in
      Log.scan(bytes, from: start) { range in
        if let entry = Entry(UnsafeRawBufferPointer(rebasing: bytes[range])) {
          body(entry, range.lowerBound)
        }
      }
    }
    damagedStretches += damaged
    image.removeLast(image.count - end)
  }

  /// Becomes the writer, where no other process is; drops a torn frame at the end of the log.
  func acquire(_ body: (Entry, Int) -> Void) throws(StoreError) -> Bool {
    guard log.tryLock(LOCK_EX) else { return false }
    try refresh(body)
    if try log.size() > image.count { try log.truncate(to: image.count) }
    packEnd = try pack.size()
    return true
  }

  /// Bytes in the pack, as its writer knows them.
  var packSize: Int { packEnd }

  /// Puts a blob into the pack.
  /// - Returns: its offset.
  func append(blob bytes: [UInt8]) throws(StoreError) -> Int {
    let offset = packEnd
    try pack.write(bytes, at: offset)
    packEnd += bytes.count
    return offset
  }

  /// Adds entries to the log in one write.
  /// - Returns: the place of each in `image`.
  func append(entries: [[UInt8]]) throws(StoreError) -> [Int] {
    var frames: [UInt8] = []
    var places: [Int] = []
    for entry in entries {
      places.append(image.count + frames.count + Log.headerSize)
      frames += Log.frame(entry)
    }
    do throws(StoreError) {
      try log.write(frames, at: image.count)
    } catch {
      try? log.truncate(to: image.count)
      throw error
    }
    image += frames
    return places
  }

  /// The record whose payload starts at a place of `image`.
  func record(at place: Int) -> Record? {
    image.withUnsafeBytes { Record(entry: UnsafeRawBufferPointer(rebasing: $0[place...])) }
  }

  /// The pack's size now.
  func measurePack() throws(StoreError) -> Int { try pack.size() }

  /// What reads the pack without holding the segment.
  var packFile: File { pack }

  func synchronize() throws(StoreError) {
    try pack.synchronize()
    try log.synchronize()
  }
}
