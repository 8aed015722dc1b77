import Canonical
import Storage

/// A bucket of S3 or of a service that speaks its protocol; requests carry Signature Version 4.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html>; libcurl
/// signs. An entry is put with `If-None-Match: *`, so that no sound one is overwritten.
package struct S3Remote: Remote {
  package let name: String
  /// `https://bucket.s3.region.amazonaws.com`, or `endpoint/bucket`.
  private let bucket: String
  /// With a slash at its end, where there is one.
  private let prefix: String
  private let account: AWSAccount
  private let transfers: Transfers

  init(_ location: RemoteLocation) throws(RemoteError) {
    guard let transfers = Transfers.shared else { throw .noLibrary }
    self.transfers = transfers
    name = location.name
    account = try AWSAccount(for: location.name)
    prefix = location.path.isEmpty ? "" : String(location.path.dropFirst()) + "/"
    bucket = S3Remote.address(location, account)
    guard S3Remote.isName(location.host),
      (prefix.utf8.allSatisfy { S3Remote.isPlain($0) || $0 == 0x2f })
    else {
      throw .location(
        "\(location.name): buckets and prefixes are of letters, digits and - . _ ~")
    }
  }

  /// Where the bucket is: below the endpoint, or with `#virtual-host` as a host of it. Amazon's own
  /// has hosts, but for names with dots, which no certificate covers.
  private static func address(_ location: RemoteLocation, _ account: AWSAccount) -> String {
    let endpoint = account.endpoint ?? "https://s3.\(account.region).amazonaws.com"
    let isHost =
      location.isVirtualHost || account.endpoint == nil && !location.host.contains(".")
    guard isHost, let separator = endpoint.firstRange(of: "://") else {
      return "\(endpoint)/\(location.host)"
    }
    let scheme = endpoint[..<separator.upperBound]
    return "\(scheme)\(location.host).\(endpoint[separator.upperBound...])"
  }

  package func get(
    _ item: RemoteItem, into download: Download
  ) async throws(RemoteError) -> Bool {
    switch try await perform(TransferRequest(url: url(item), download: download)) {
    case 200: return true
    case 404: return false
    case let status: throw .answer(name, status)
    }
  }

  /// A blob's bytes have been hashed before they come here, so what is signed of them is their name.
  package func put(
    _ item: RemoteItem, _ content: Content, repairs: Bool
  ) async throws(RemoteError) -> Bool {
    var request = TransferRequest(method: .put, url: url(item), body: content)
    var digest = item.digest
    if item.kind == .entry, case .bytes(let bytes) = content {
      if !repairs { request.headers = ["If-None-Match: *"] }
      digest = Digest(of: bytes)
    }
    switch try await perform(request, digest) {
    case 200...299: return true
    case 409, 412: return false
    case let status: throw .answer(name, status)
    }
  }

  package func remove(_ item: RemoteItem) async throws(RemoteError) {
    let status = try await perform(TransferRequest(method: .delete, url: url(item)))
    guard (200...299).contains(status) || status == 404 else { throw .answer(name, status) }
  }

  package func list(_ kind: RemoteItem.Kind) async throws(RemoteError) -> [RemoteListing] {
    let folder = "\(prefix)\(kind.rawValue)/"
    var found: [RemoteListing] = []
    var token: String?
    repeat {
      // Signed queries have their parameters in order and wholly escaped.
      let continuation = token.map { "continuation-token=\(S3Remote.escaped($0))&" } ?? ""
      let query = "\(continuation)list-type=2&prefix=\(S3Remote.escaped(folder))"
      let list = Download(limit: 16 << 20)
      let status = try await perform(TransferRequest(url: "\(bucket)/?\(query)", download: list))
      guard status == 200, let text = try? list.all() else { throw .answer(name, status) }
      let page = S3Page(text)
      for object in page.objects where object.key.hasPrefix(folder) {
        guard let digest = Digest(hex: String(object.key.dropFirst(folder.count))) else { continue }
        found.append(
          RemoteListing(
            item: RemoteItem(kind, digest), size: object.size, time: object.time))
      }
      token = page.continuation
    } while token != nil
    return found.sorted { $0.item.digest < $1.item.digest }
  }

  private func url(_ item: RemoteItem) -> String { "\(bucket)/\(prefix)\(item.path)" }

  /// - Parameter digest: that of the body.
  private func perform(
    _ request: TransferRequest, _ digest: Digest = Digest(of: "")
  ) async throws(RemoteError) -> Int {
    var request = request
    request.headers.append("x-amz-content-sha256: \(digest.hex)")
    if let token = account.token { request.headers.append("x-amz-security-token: \(token)") }
    request.credentials = account.credentials
    request.signature = "aws:amz:\(account.region):s3"
    do throws(TransferFailure) {
      return try await transfers.perform(request)
    } catch {
      throw .transfer(remote: name, error.description)
    }
  }
}

extension S3Remote {
  private static func isName(_ text: String) -> Bool { text.utf8.allSatisfy(isPlain) }

  /// Letters, digits, `-`, `.`, `_` and `~`: what is never escaped (RFC 3986).
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: true
    default: false
    }
  }

  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      if isPlain(byte) { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.utf8.count == 1 ? "0" : "") + digits
    }.joined()
  }
}
