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
  /// Bytes in the pack when it was last looked at; the writer's own are counted as they come, and
  /// the next blob goes to their end.
  private(set) var packSize = 0
  /// Where the last blob ends that the log names.
  private var packNeeded = 0

  private init(number: Int, log: File, pack: File) {
    (self.number, self.log, self.pack) = (number, log, pack)
  }

  static func path(_ folder: String, _ number: Int, _ suffix: String) -> String {
    let digits = String(number)
    return "\(folder)/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).\(suffix)"
  }

  /// Opens the segment `number`; a new one where `create` is set.
  ///
  /// The pack is made before the log, by which others find the segment.
  static func open(
    _ folder: String, _ number: Int, writable: Bool, create: Bool = false
  ) throws(StoreError) -> Segment {
    let flags = writable ? O_RDWR : O_RDONLY
    let creation = create ? O_CREAT : 0
    let pack = try File(path(folder, number, "pack"), flags | creation)
    let log = try File(path(folder, number, "log"), flags | creation)
    return Segment(number: number, log: log, pack: pack)
  }

  /// Reads what the log has gained and calls `body` with each new entry and its place in `image`.
  func refresh(_ body: (Entry, Int) -> Void) throws(StoreError) {
    packSize = try pack.size()
    let size = try log.size()
    guard size > image.count else { return }
    let start = image.count
    let gained = try log.read(at: start, count: size - start)
    if start == 0 { image = gained } else { image += gained }
    let (end, damaged) = image.withUnsafeBytes { bytes in
      Log.scan(bytes, from: start) { range in
        guard let entry = Entry(UnsafeRawBufferPointer(rebasing: bytes[range])) else { return }
        if case .blob(let blob, let offset) = entry {
          packNeeded = max(packNeeded, offset + blob.size)
        }
        body(entry, range.lowerBound)
      }
    }
    damagedStretches += damaged
    image.removeLast(image.count - end)
  }

  /// Becomes the writer, where no other process is; drops a torn frame at the end of the log.
  ///
  /// A pack that lost its end, as after a power loss, is never written to again: other bytes would
  /// come where the log says that the lost ones are.
  func acquire(_ body: (Entry, Int) -> Void) throws(StoreError) -> Bool {
    guard try log.tryLock(.exclusive) else { return false }
    try refresh(body)
    guard packSize >= packNeeded else {
      _ = try log.tryLock(.none)
      return false
    }
    if try log.size() > image.count { try log.truncate(to: image.count) }
    return true
  }

  /// Is the writer no longer; what it wrote is on the disk.
  func retire() throws(StoreError) {
    try synchronize()
    _ = try log.tryLock(.none)
  }

  /// Puts a blob into the pack.
  /// - Returns: its offset.
  func append(blob content: Content) throws(StoreError) -> Int {
    let offset = packSize
    try pack.write(content, at: offset)
    packSize += content.size
    return offset
  }

  /// Takes back the blobs from `size` on, which no entry names: gives a full disk its room back.
  func rollBack(packTo size: Int) {
    packSize = size
    try? pack.truncate(to: size)
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

  /// What reads the pack without holding the segment.
  var packFile: File { pack }

  func synchronize() throws(StoreError) {
    try pack.synchronize()
    try log.synchronize()
  }
}
