import Canonical
import Storage

/// A cache that several machines share: entries by key, and blobs by the digest of their content.
///
/// A remote only carries bytes. That they are what they should be is checked by ``SharedCaches``, in
/// one place for all of them; so is what happens when one fails.
package protocol Remote: Sendable {
  /// Its URL as people may see it: without credentials.
  var name: String { get }

  /// Hands the bytes of an item over as they come, until no more are wanted.
  /// - Returns: whether it is there.
  func get(_ item: RemoteItem, into download: Download) async throws(RemoteError) -> Bool

  /// Puts an item there. A blob of its size that is there may be left as it is.
  /// - Parameter repairs: whether what is there is in doubt: an entry is replaced, and a blob unless
  ///   its bytes are known to be its own.
  /// - Returns: false for an entry that was there, and has been left as it is; a server that
  ///   cannot tell always returns true.
  func put(
    _ item: RemoteItem, _ content: Content, repairs: Bool
  ) async throws(RemoteError) -> Bool

  /// All items of a kind, in the order of their digests.
  /// - Throws: ``RemoteError/unsupported(_:)`` where the protocol has no lists.
  func list(_ kind: RemoteItem.Kind) async throws(RemoteError) -> [RemoteListing]

  /// Removes an item, where it is there.
  func remove(_ item: RemoteItem) async throws(RemoteError)
}

extension Remote {
  /// What comes of an item; nil where it is not there.
  func download(
    _ item: RemoteItem, limit: Int, _ keeping: Download.Keeping = .inMemory
  ) async throws(RemoteError) -> Download? {
    let download = Download(limit: limit, keeping)
    return try await get(item, into: download) ? download : nil
  }

  /// The bytes of an item, in memory; nil where it is not there, or has more of them than `limit`.
  package func get(_ item: RemoteItem, limit: Int) async throws(RemoteError) -> [UInt8]? {
    guard let download = try await download(item, limit: limit) else { return nil }
    return try? download.all()
  }
}

/// The name of something in a remote.
package struct RemoteItem: Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    /// The result of an action, by its key.
    case entry = "ac"
    /// Bytes, by their digest.
    case blob = "cas"
  }

  package let kind: Kind
  package let digest: Digest

  package init(_ kind: Kind, _ digest: Digest) { (self.kind, self.digest) = (kind, digest) }

  /// Where it lies below the remote's root, as Bazel's HTTP cache has it.
  var path: String { "\(kind.rawValue)/\(digest.hex)" }
}

/// One item of a remote's list.
package struct RemoteListing: Sendable {
  package let item: RemoteItem
  package let size: Int
  /// When it was written, in seconds since 1970 by the remote's clock.
  package let time: Int
}
