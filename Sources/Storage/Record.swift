import Canonical

/// A content in the store: its digest and its size in bytes.
package struct Blob: Hashable, Sendable {
  package let digest: Digest
  package let size: Int

  package init(digest: Digest, size: Int) { (self.digest, self.size) = (digest, size) }

  /// The blob of `bytes`.
  package init(of bytes: [UInt8]) { self.init(digest: Digest(of: bytes), size: bytes.count) }
}

/// What is kept of one finished unit of work.
package struct Record: Hashable, Sendable {
  /// The name under which it is looked up: the digest of `preimage`.
  package let key: Digest
  /// What the key is the digest of; the store does not look into it.
  package let preimage: [UInt8]
  /// What the preimage names only by its digest, for those who want to know what changed.
  package let details: Blob
  /// What the work made, in its declared order.
  package let outputs: [Blob]
  /// Who made it: host, program version.
  package let producer: String
  /// When it was made, in seconds since 1970.
  package let time: Int
  /// How long it took, in seconds.
  package let seconds: Double
  /// Whether it comes from a shared cache: its outputs may be there and not here.
  package var isBorrowed = false

  package init(
    key: Digest, preimage: [UInt8], details: Blob, outputs: [Blob], producer: String, time: Int,
    seconds: Double
  ) {
    self.key = key
    self.preimage = preimage
    self.details = details
    self.outputs = outputs
    self.producer = producer
    self.time = time
    self.seconds = seconds
  }
}

extension Record {
  /// The entry's bytes; docs/HASHING.md lists the fields.
  package var entry: [UInt8] {
    var out = ByteWriter()
    out.byte((isBorrowed ? Entry.Kind.borrowed : .record).rawValue)
    out.digest(key)
    out.integer(time)
    out.integer(Int(bitPattern: UInt(seconds.bitPattern)))
    out.run(preimage)
    out.run(Array(producer.utf8))
    out.integer(outputs.count)
    for output in [details] + outputs {
      out.digest(output.digest)
      out.integer(output.size)
    }
    return out.bytes
  }

  /// Reads the whole record that an entry holds.
  package init?(entry bytes: UnsafeRawBufferPointer) {
    var reader = ByteReader(bytes)
    guard let kind = reader.byte().flatMap(Entry.Kind.init), kind == .record || kind == .borrowed,
      let key = reader.digest(),
      let time = reader.integer(), let seconds = reader.integer(), let preimage = reader.run(),
      let producer = reader.run(), let count = reader.count()
    else { return nil }
    var blobs: [Blob] = []
    for _ in 0...count {
      guard let digest = reader.digest(), let size = reader.count() else { return nil }
      blobs.append(Blob(digest: digest, size: size))
    }
    self.init(
      key: key, preimage: preimage, details: blobs.removeFirst(), outputs: blobs,
      producer: String(decoding: producer, as: UTF8.self), time: time,
      seconds: Double(bitPattern: UInt64(bitPattern: Int64(seconds))))
    isBorrowed = kind == .borrowed
  }
}
