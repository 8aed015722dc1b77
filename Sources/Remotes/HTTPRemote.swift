import Canonical
import Storage

/// A server in the layout of Bazel's HTTP cache: `GET` and `PUT` of `/ac/<key>` and `/cas/<digest>`.
///
/// nginx with `dav_methods PUT`, bazel-remote and WebDAV servers speak it.
package struct HTTPRemote: Remote {
  package let name: String
  private let base: String
  private let credentials: RemoteLocation.Credentials?
  private let transfers: Transfers

  init(_ location: RemoteLocation) throws(RemoteError) {
    guard let transfers = Transfers.shared else { throw .noLibrary }
    (name, credentials, self.transfers) = (location.name, location.credentials, transfers)
    base = "\(location.scheme.rawValue)://\(location.host)\(location.path)"
  }

  package func get(
    _ item: RemoteItem, into download: Download
  ) async throws(RemoteError) -> Bool {
    let request = TransferRequest(url: "\(base)/\(item.path)", download: download)
    switch try await perform(request) {
    case 200: return true
    case 404, 410: return false
    case let status: throw .answer(name, status)
    }
  }

  /// No condition is sent: servers of this protocol ignore it. Whoever puts an entry looks first.
  package func put(
    _ item: RemoteItem, _ content: Content, repairs: Bool
  ) async throws(RemoteError) -> Bool {
    let request = TransferRequest(method: .put, url: "\(base)/\(item.path)", body: content)
    var status = try await perform(request)
    if status == 404 || status == 409 {
      // A WebDAV server wants its folders made first.
      for folder in ["", "/\(item.kind.rawValue)"] {
        _ = try await perform(TransferRequest(method: .makeCollection, url: base + folder + "/"))
      }
      status = try await perform(request)
    }
    guard (200...299).contains(status) else { throw .answer(name, status) }
    return true
  }

  package func list(_ kind: RemoteItem.Kind) async throws(RemoteError) -> [RemoteListing] {
    throw .unsupported(
      "\(name) cannot list what it holds, as HTTP caches have no lists: look on its server, or "
        + "use s3:// or file://")
  }

  package func remove(_ item: RemoteItem) async throws(RemoteError) {
    let status = try await perform(TransferRequest(method: .delete, url: "\(base)/\(item.path)"))
    guard (200...299).contains(status) || status == 404 else { throw .answer(name, status) }
  }

  private func perform(_ request: TransferRequest) async throws(RemoteError) -> Int {
    var request = request
    request.credentials = credentials
    do throws(TransferFailure) {
      return try await transfers.perform(request)
    } catch {
      throw .transfer(remote: name, error.description)
    }
  }
}

extension RemoteError {
  static let noLibrary = RemoteError.location(
    "http(s):// and s3:// need libcurl: apt-get install libcurl4")

  /// What a status that is not wanted means.
  static func answer(_ remote: String, _ status: Int) -> RemoteError {
    [401, 403, 407].contains(status)
      ? .denied(remote: remote, status) : .status(remote: remote, status)
  }
}
