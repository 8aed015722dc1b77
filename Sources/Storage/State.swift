import Canonical

/// The open segments and the index over them.
struct State {
  /// Where a blob lies: the segment's place in `segments`, the offset in its pack.
  struct Location: Hashable {
    let segment: Int32
    let offset: Int
    let size: Int
  }

  /// Where a damaged copy lies.
  private struct Condemned: Hashable {
    let segment: Int
    let offset: Int

    init(_ segment: Int, _ offset: Int) { (self.segment, self.offset) = (segment, offset) }
  }

  private static let segmentLimit = 1 << 30

  private let folder: String
  private let writable: Bool
  private let firstNumber: Int
  private(set) var segments: [Segment] = []
  /// The size of each segment's pack when it was last looked at.
  private var packSizes: [Int] = []
  private var index: [Digest: (segment: Int32, place: Int)] = [:]
  private(set) var blobs: [Digest: [Location]] = [:]
  private var condemned: Set<Condemned> = []
  private var writer: Int?

  /// - Parameter firstNumber: the least number of a segment that it creates.
  init(folder: String, writable: Bool, firstNumber: Int = 1) {
    (self.folder, self.writable, self.firstNumber) = (folder, writable, firstNumber)
  }

  /// Opens new segments and reads what the known ones have gained.
  mutating func refresh() throws(StoreError) {
    for name in try File.names(in: folder) where name.hasSuffix(".log") {
      guard let number = Int(name.dropLast(4)) else { continue }
      if !segments.contains(where: { $0.number == number }) {
        segments.append(try Segment.open(folder, number, writable: writable))
        packSizes.append(0)
      }
    }
    for place in segments.indices where place != writer { try refresh(segment: place) }
  }

  private mutating func refresh(segment place: Int) throws(StoreError) {
    var found: [(Entry, Int)] = []
    try segments[place].refresh { found.append(($0, $1)) }
    packSizes[place] = try segments[place].measurePack()
    for (entry, offset) in found { take(entry, segment: place, place: offset) }
  }

  private mutating func take(_ entry: Entry, segment: Int, place: Int) {
    switch entry {
    case .record(let key): index[key] = (Int32(segment), place)
    case .blob(let blob, let offset):
      let location = Location(segment: Int32(segment), offset: offset, size: blob.size)
      if !condemned.contains(Condemned(segment, offset)) { blobs[blob.digest, default: []].append(location) }
    case .condemned(let digest, let number, let offset):
      guard let other = segments.firstIndex(where: { $0.number == number }) else { return }
      condemned.insert(Condemned(other, offset))
      blobs[digest]?.removeAll { $0.segment == other && $0.offset == offset }
    }
  }

  func record(for key: Digest) -> Record? {
    index[key].flatMap { segments[Int($0.segment)].record(at: $0.place) }
  }

  func records() -> [Record] { index.keys.sorted().compactMap(record) }

  var recordCount: Int { index.count }

  func size(of digest: Digest) -> Int? { blobs[digest]?.first?.size }

  /// A copy of the blob that its pack is long enough to hold.
  func location(of blob: Blob) -> Location? {
    blobs[blob.digest]?.first { location in
      let segment = Int(location.segment)
      let end = segment == writer ? segments[segment].packSize : packSizes[segment]
      return location.size == blob.size && location.offset + blob.size <= end
    }
  }

  /// The file to read a copy from.
  func pack(of location: Location) -> File { segments[Int(location.segment)].packFile }
}

extension State {
  /// The segment to write to: one that nobody else writes to, or a new one.
  private mutating func acquire() throws(StoreError) -> Int {
    if let writer, segments[writer].packSize < State.segmentLimit { return writer }
    for place in segments.indices where packSizes[place] < State.segmentLimit {
      if try acquire(place) { return place }
    }
    var number = (segments.map(\.number).max() ?? firstNumber - 1) + 1
    while true {
      segments.append(try Segment.open(folder, number, writable: true, create: true))
      packSizes.append(0)
      if try acquire(segments.count - 1) { return segments.count - 1 }
      number += 1
    }
  }

  private mutating func acquire(_ place: Int) throws(StoreError) -> Bool {
    var found: [(Entry, Int)] = []
    guard try segments[place].acquire({ found.append(($0, $1)) }) else { return false }
    for (entry, offset) in found { take(entry, segment: place, place: offset) }
    writer = place
    return true
  }

  /// Adds blobs, then the record: the log never names what the pack does not hold.
  mutating func add(
    _ contents: some Sequence<(Blob, [UInt8])>, _ record: Record
  ) throws(StoreError) {
    let place = try acquire()
    let segment = segments[place]
    var entries: [[UInt8]] = []
    var added: [(Digest, Location)] = []
    for (blob, bytes) in contents where location(of: blob) == nil {
      if added.contains(where: { $0.0 == blob.digest }) { continue }
      let offset = try segment.append(blob: bytes)
      entries.append(Entry.bytes(blob: blob, offset: offset))
      added.append((blob.digest, Location(segment: Int32(place), offset: offset, size: blob.size)))
    }
    let places = try segment.append(entries: entries + [record.entry])
    for (digest, location) in added { blobs[digest, default: []].append(location) }
    index[record.key] = (Int32(place), places.last!)
  }

  /// Forgets one copy of a blob, for good where the store can be written.
  mutating func condemn(_ digest: Digest, at location: Location) throws(StoreError) {
    condemned.insert(Condemned(Int(location.segment), location.offset))
    blobs[digest]?.removeAll { $0 == location }
    guard writable else { return }
    let place = try acquire()
    let number = segments[Int(location.segment)].number
    _ = try segments[place].append(entries: [
      Entry.bytes(condemning: digest, segment: number, offset: location.offset)
    ])
  }

  func synchronize() throws(StoreError) {
    if let writer { try segments[writer].synchronize() }
  }
}
