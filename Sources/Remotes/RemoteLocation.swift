import Glibc

/// Where a shared cache is, as a user wrote it: `scheme://[user:password@]host/path[#options]`.
///
/// Options come after `#`, which is never sent to a server: `read-only`, and for S3 `virtual-host`.
package struct RemoteLocation: Sendable {
  package enum Scheme: String, Sendable, CaseIterable {
    case file, http, https, s3
  }

  package let scheme: Scheme
  /// With the port where one is given; for S3 the bucket.
  let host: String
  /// From the first slash on, without one at its end.
  let path: String
  let credentials: Credentials?
  package let isReadOnly: Bool
  let isVirtualHost: Bool

  struct Credentials: Sendable {
    let user: String
    let password: String
  }

  package init(_ text: String) throws(RemoteError) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let options = parts.count == 2 ? parts[1].split(separator: ",").map(String.init) : []
    guard let separator = parts[0].firstRange(of: "://"),
      let scheme = Scheme(rawValue: parts[0][..<separator.lowerBound].lowercased())
    else {
      throw .location(
        "'\(RemoteLocation.redacted(text))' is no shared cache: give file:///folder, http(s)://… "
          + "or s3://bucket/prefix")
    }
    try RemoteLocation.checkCredentials(text[separator.upperBound...], scheme)
    let rest = parts[0][separator.upperBound...]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    var authority = rest[..<slash]
    var credentials: Credentials?
    if let at = authority.lastIndex(of: "@") {
      let pair = authority[..<at].split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      credentials = Credentials(
        user: RemoteLocation.decoded(pair[0]),
        password: pair.count == 2 ? RemoteLocation.decoded(pair[1]) : "")
      authority = authority[authority.index(after: at)...]
    }
    var path = String(rest[slash...])
    while path.hasSuffix("/") { path.removeLast() }
    self.scheme = scheme
    host = String(authority)
    self.path = path
    self.credentials = credentials
    isReadOnly = options.contains("read-only")
    isVirtualHost = options.contains("virtual-host")
    try check(options)
  }

  /// Refuses a URL whose password seems to have ended at one of its characters: what is behind
  /// that would be taken for a host, a path or options, and shown.
  private static func checkCredentials(
    _ rest: Substring, _ scheme: Scheme
  ) throws(RemoteError) {
    guard let end = rest.firstIndex(where: { "/?#".contains($0) }),
      !(scheme == .file && end == rest.startIndex), rest[end...].contains("@")
    else { return }
    throw .location(
      "a shared cache's URL has an '@' after a '/', '?' or '#': in a password or a path write %23 "
        + "for '#', %2F for '/', %3F for '?' and %40 for '@' (the URL is not shown, as it may hold "
        + "a password)")
  }

  private func check(_ options: [String]) throws(RemoteError) {
    let known = scheme == .s3 ? ["read-only", "virtual-host"] : ["read-only"]
    for option in options where !known.contains(option) {
      throw .location(
        "\(name): unknown option '#\(option)'; there is \(known.joined(separator: ", "))")
    }
    let problem: String? =
      switch scheme {
      case .file where !(host.isEmpty || host == "localhost") || path.isEmpty:
        "a folder has three slashes and a path, as in file:///nfs/cache"
      case .http, .https, .s3:
        host.isEmpty ? "it names no \(scheme == .s3 ? "bucket" : "host")" : nil
      default: nil
      }
    if let problem { throw .location("\(name): \(problem)") }
    if path.contains("?") { throw .location("\(name): a shared cache's URL has no query") }
    if path.split(separator: "/").contains("..") {
      throw .location("\(name): '..' is not allowed in a shared cache's URL")
    }
    if scheme == .s3, credentials != nil {
      throw .location("\(name): credentials for S3 come from the AWS variables or files")
    }
  }

  /// The URL without credentials and options.
  package var name: String { "\(scheme.rawValue)://\(host)\(path)" }

  /// Whether it is a folder that is not there, which may be new or misspelt; one that hangs is there.
  package var isMissing: Bool {
    guard scheme == .file else { return false }
    let isMissing = Blocking.answer(within: Transfers.patience) { [folder] in
      access(folder, F_OK) != 0 && errno == ENOENT
    }
    return isMissing ?? false
  }

  /// The path of a shared folder.
  private var folder: String { RemoteLocation.decoded(path[...]) }

  /// Whether the text itself holds a password.
  package var hasPassword: Bool { credentials.map { !$0.password.isEmpty } ?? false }

  /// The text without what could be credentials, for a message about a text that is no URL.
  private static func redacted(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    return "…" + text[at...]
  }

  /// A text in which `%41` stands for `A`.
  static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension RemoteLocation {
  /// What speaks to it.
  package func open() throws(RemoteError) -> any Remote {
    switch scheme {
    case .file: FolderRemote(name: name, path: folder)
    case .http, .https: try HTTPRemote(self)
    case .s3: try S3Remote(self)
    }
  }
}
