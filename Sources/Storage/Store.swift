import Canonical
import Glibc
import Synchronization

/// The content-addressed store: records of finished work, and the blobs that the work made.
///
/// A folder of append-only segments (docs/HASHING.md). Any number of processes may use it at once:
/// each writes to a segment of its own and reads those of all others. A blob is hashed whenever it
/// is read; a record is added after its blobs. So a process that dies at any instant leaves
/// nothing that reads as complete and is not.
package final class Store: Sendable {
  package static let formatName = "mechanics store 1"

  /// How long a collection by another process is waited for, in seconds.
  private static let patience = 60

  package let path: String
  /// False where the folder cannot be written: it is then only read.
  package let isWritable: Bool
  private let state: Mutex<State>
  /// Held shared while the store is open, so that nobody collects what is in use.
  private let usage: File
  private let claims: Claims?

  /// Opens the store at `path`, and creates it where nothing is there.
  package init(at path: String) throws(StoreError) {
    let writable = try Store.prepare(path)
    self.path = path
    isWritable = writable
    usage = try File("\(path)/lock", writable ? O_RDWR | O_CREAT : O_RDONLY)
    guard try usage.lock(.shared, patience: Store.patience) else { throw .inUse(path) }
    claims = writable ? try Claims("\(path)/claims") : nil
    state = Mutex(State(folder: "\(path)/segments", writable: writable))
    try state.withLock { state throws(StoreError) in try state.refresh() }
  }

  /// Checks the folder's format, writing it into a new one, which others may do at the same time.
  /// - Returns: whether the folder can be written.
  private static func prepare(_ path: String) throws(StoreError) -> Bool {
    let names = try File.names(in: path)
    if let found = try File.contents(of: "\(path)/format"), !found.isEmpty {
      let name = String(decoding: found.prefix { $0 != 0x0a }, as: UTF8.self)
      guard name == formatName else { throw .format(path: path, found: name) }
      return access("\(path)/segments", W_OK) == 0
    }
    if let foreign = names.first(where: { !isOwn($0) }) {
      throw .format(path: path, found: foreign)
    }
    try File.makeFolder("\(path)/segments")
    try File.replace("\(path)/format", with: Array("\(formatName)\n".utf8))
    return true
  }

  /// Whether a file may be there while the format is not, or is empty: another process is making
  /// the same store, or one died or lost power while it did. The names are listed before the format
  /// is looked for, so a store that is made in between is seen as one.
  private static func isOwn(_ name: String) -> Bool {
    name == "segments" || name.hasPrefix("format")
  }
}

extension Store {
  /// The record of `key`; nil where there is none.
  package func record(for key: Digest) -> Record? {
    state.withLock { $0.record(for: key) }
  }

  /// Whether a copy of the blob is here with its size; its bytes are not read.
  package func contains(_ blob: Blob) -> Bool {
    state.withLock { $0.location(of: blob) != nil }
  }

  /// The blob's bytes, hashed.
  package func read(_ blob: Blob) throws(StoreError) -> [UInt8] {
    try sound(blob, inMemory: true).bytes()
  }

  /// The blob's bytes, hashed; where they are many, they stay on the disk.
  package func content(of blob: Blob) throws(StoreError) -> Content {
    try sound(blob, inMemory: blob.size <= Content.pieceSize)
  }

  /// A sound copy; one that is damaged or cannot be read is condemned and the next one is tried.
  private func sound(_ blob: Blob, inMemory: Bool) throws(StoreError) -> Content {
    var found = false
    while let (location, pack) = state.withLock({ state in
      state.location(of: blob).map { ($0, state.pack(of: $0)) }
    }) {
      found = true
      let part = Content.part(pack, offset: location.offset, size: blob.size)
      if let content = try Store.checked(part, inMemory, blob.digest) { return content }
      state.withLock { $0.condemn(blob.digest, at: location) }
    }
    throw found ? .damaged(blob.digest) : .missing(blob.digest)
  }

  /// A copy whose bytes have been read and hashed; nil where they are others or a sector is bad.
  private static func checked(
    _ part: Content, _ inMemory: Bool, _ digest: Digest
  ) throws(StoreError) -> Content? {
    do throws(StoreError) {
      let content = inMemory ? .bytes(try part.bytes()) : part
      return try content.digest() == digest ? content : nil
    } catch {
      guard error.isUnreadable else { throw error }
      return nil
    }
  }

  /// The bytes of the blob `digest`, whatever its size.
  package func read(contentOf digest: Digest) throws(StoreError) -> [UInt8] {
    guard let size = state.withLock({ $0.size(of: digest) }) else { throw .missing(digest) }
    return try read(Blob(digest: digest, size: size))
  }

  /// Adds blobs and then the record that names them; blobs that are here already are not added.
  /// - Parameters:
  ///   - outputs: the bytes of the record's outputs.
  ///   - details: the bytes of the record's details.
  package func commit(
    _ record: Record, outputs: [[UInt8]], details: [UInt8]
  ) throws(StoreError) {
    guard isWritable else { throw .readOnly(path) }
    let blobs = zip([record.details] + record.outputs, ([details] + outputs).map(Content.bytes))
    try state.withLock { state throws(StoreError) in try state.add(blobs, record) }
  }

  /// Adds blobs that a record names which is here already; `contents` have been hashed.
  package func add(_ contents: [(Blob, Content)]) throws(StoreError) {
    guard isWritable else { throw .readOnly(path) }
    try state.withLock { state throws(StoreError) in try state.add(contents, nil) }
  }

  /// Adds a record from a shared cache: its outputs are there, and are added when they are needed.
  package func borrow(_ record: Record, details: [UInt8]) throws(StoreError) {
    guard isWritable else { throw .readOnly(path) }
    var record = record
    record.isBorrowed = true
    try state.withLock { [record] state throws(StoreError) in
      try state.add([(record.details, .bytes(details))], record)
    }
  }

  /// Reads what other processes have added.
  package func refresh() throws(StoreError) {
    try state.withLock { state throws(StoreError) in try state.refresh() }
  }

  /// Claims the right to do the work of `key`; nil while another process has it.
  ///
  /// The claim ends with the process, however that ends.
  package func claim(_ key: Digest) throws(StoreError) -> Claim? {
    guard let claims else { throw .readOnly(path) }
    return try claims.claim(key)
  }

  /// Waits until all that was added is on the disk.
  package func synchronize() throws(StoreError) {
    try state.withLock { state throws(StoreError) in try state.synchronize() }
  }

  /// All records, in the order of their keys.
  package func records() -> [Record] { state.withLock { $0.records() } }

  /// Calls `body` with the store's insides; for the parts of the store in other files.
  func inspect<Result: Sendable, Failure: Error>(
    _ body: (borrowing State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock { state throws(Failure) in try body(state) }
  }

  /// Forgets what was read; the segments are read again.
  func restart() {
    state.withLock { $0 = State(folder: "\(path)/segments", writable: isWritable) }
  }

  /// Takes the store for itself alone; false while another process has it open.
  func tryExclusive() throws(StoreError) -> Bool { try usage.tryLock(.exclusive) }

  /// Lets others in again.
  func shareAgain() { _ = try? usage.tryLock(.shared) }
}
