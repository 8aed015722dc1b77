import Canonical

/// The open segments and the index over them.
struct State {
  /// Where a blob lies: the segment's place in `segments`, the offset in its pack.
  struct Location: Hashable {
    let segment: Int32
    let offset: Int
    let size: Int
  }

  /// Where a damaged copy lies: the segment's number, which may not be open yet.
  private struct Condemned: Hashable {
    let number: Int
    let offset: Int
  }

  private let folder: String
  private let writable: Bool
  private let firstNumber: Int
  private let segmentLimit: Int
  private(set) var segments: [Segment] = []
  private var index: [Digest: (segment: Int32, place: Int)] = [:]
  private(set) var blobs: [Digest: [Location]] = [:]
  private var condemned: Set<Condemned> = []
  private var writer: Int?

  /// - Parameters:
  ///   - firstNumber: the least number of a segment that it creates.
  ///   - segmentLimit: the bytes of a pack from which on nothing is added to it.
  init(folder: String, writable: Bool, firstNumber: Int = 1, segmentLimit: Int = 1 << 30) {
    self.folder = folder
    self.writable = writable
    self.firstNumber = firstNumber
    self.segmentLimit = segmentLimit
  }

  /// Opens new segments and reads what the known ones have gained.
  mutating func refresh() throws(StoreError) {
    for name in try File.names(in: folder) where name.hasSuffix(".log") {
      guard let number = Int(name.dropLast(4)) else { continue }
      if !segments.contains(where: { $0.number == number }) {
        segments.append(try Segment.open(folder, number, writable: writable))
      }
    }
    for place in segments.indices where place != writer { try refresh(segment: place) }
  }

  private mutating func refresh(segment place: Int) throws(StoreError) {
    var found: [(Entry, Int)] = []
    try segments[place].refresh { found.append(($0, $1)) }
    for (entry, offset) in found { take(entry, segment: place, place: offset) }
  }

  private mutating func take(_ entry: Entry, segment: Int, place: Int) {
    switch entry {
    case .record(let key): index[key] = (Int32(segment), place)
    case .blob(let blob, let offset):
      let copy = Condemned(number: segments[segment].number, offset: offset)
      guard !condemned.contains(copy) else { return }
      let location = Location(segment: Int32(segment), offset: offset, size: blob.size)
      blobs[blob.digest, default: []].append(location)
    case .condemned(let digest, let number, let offset):
      condemn(digest, Condemned(number: number, offset: offset))
    }
  }

  private mutating func condemn(_ digest: Digest, _ copy: Condemned) {
    condemned.insert(copy)
    blobs[digest]?.removeAll {
      segments[Int($0.segment)].number == copy.number && $0.offset == copy.offset
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
      location.size == blob.size
        && location.offset + blob.size <= segments[Int(location.segment)].packSize
    }
  }

  /// The file to read a copy from.
  func pack(of location: Location) -> File { segments[Int(location.segment)].packFile }
}

extension State {
  /// The segment to write to: one that nobody else writes to, or a new one.
  private mutating func acquire() throws(StoreError) -> Int {
    if let writer {
      if segments[writer].packSize < segmentLimit { return writer }
      try segments[writer].retire()
      self.writer = nil
    }
    for place in segments.indices where segments[place].packSize < segmentLimit {
      if try acquire(place) { return place }
    }
    var number = (segments.map(\.number).max() ?? firstNumber - 1) + 1
    while true {
      segments.append(try Segment.open(folder, number, writable: true, create: true))
      if try acquire(segments.count - 1) { return segments.count - 1 }
      number += 1
    }
  }

  private mutating func acquire(_ place: Int) throws(StoreError) -> Bool {
    var found: [(Entry, Int)] = []
    let isWriter = try segments[place].acquire { found.append(($0, $1)) }
    for (entry, offset) in found { take(entry, segment: place, place: offset) }
    if isWriter { writer = place }
    return isWriter
  }

  /// Adds blobs, then the record: the log never names what the pack does not hold.
  mutating func add(
    _ contents: some Sequence<(Blob, Content)>, _ record: Record?
  ) throws(StoreError) {
    let place = try acquire()
    let segment = segments[place]
    let packSize = segment.packSize
    var entries: [[UInt8]] = []
    var added: [(Digest, Location)] = []
    do throws(StoreError) {
      for (blob, content) in contents where location(of: blob) == nil {
        if added.contains(where: { $0.0 == blob.digest }) { continue }
        let offset = try segment.append(blob: content)
        entries.append(Entry.bytes(blob: blob, offset: offset))
        let location = Location(segment: Int32(place), offset: offset, size: blob.size)
        added.append((blob.digest, location))
      }
      if let record { entries.append(record.entry) }
      let places = try segment.append(entries: entries)
      if let record { index[record.key] = (Int32(place), places.last!) }
    } catch {
      segment.rollBack(packTo: packSize)
      throw error
    }
    for (digest, location) in added { blobs[digest, default: []].append(location) }
  }

  /// Forgets one copy of a blob; for good where that can be written down, else until it is read
  /// and found to be damaged again.
  mutating func condemn(_ digest: Digest, at location: Location) {
    let copy = Condemned(
      number: segments[Int(location.segment)].number, offset: location.offset)
    condemn(digest, copy)
    guard writable, let place = try? acquire() else { return }
    let entry = Entry.bytes(condemning: digest, segment: copy.number, offset: copy.offset)
    _ = try? segments[place].append(entries: [entry])
  }

  func synchronize() throws(StoreError) {
    if let writer { try segments[writer].synchronize() }
  }
}
