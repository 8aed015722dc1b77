/// Why a remote could not do what was asked; no text here ever holds a credential.
package enum RemoteError: Error, Hashable, CustomStringConvertible {
  /// The URL cannot be used as a shared cache.
  case location(String)
  /// Nobody answers, or the answer broke off.
  case transfer(remote: String, String)
  /// The remote answered with a status that means no good.
  case status(remote: String, Int)
  /// The remote wants other credentials, or allows less.
  case denied(remote: String, Int)
  /// A file of a shared folder could not be used.
  case file(remote: String, String)
  /// A shared folder did nothing for so many seconds.
  case stuck(remote: String, seconds: Int)
  /// Bytes are not those that were asked for; they were refused.
  case refused(remote: String, String)
  /// It was written by a newer program, or is something else.
  case format(remote: String, found: String)
  /// The protocol cannot do this.
  case unsupported(String)

  package var description: String {
    switch self {
    case .location(let text): text
    case .transfer(let remote, let what): "\(remote): \(what)"
    case .status(let remote, let status):
      "\(remote) answered with status \(status)\(status >= 500 ? " (see the server's log)" : "")"
    case .denied(let remote, let status):
      "\(remote) answered with status \(status): give credentials in ~/.netrc, in "
        + "MECHANICS_REMOTE_CACHE, or for s3:// in the AWS variables or ~/.aws/credentials; "
        + "a cache that may only be read is given as URL#read-only"
    case .file(let remote, let what):
      "\(remote): \(what) (ask its owner for access, or give it as URL#read-only)"
    case .stuck(let remote, let seconds): "\(remote): no answer within \(seconds) s"
    case .refused(let remote, let what): "\(remote): \(what)"
    case .format(let remote, let found):
      "\(remote) holds '\(found)', not '\(FolderRemote.formatName)': use a newer mechanics, "
        + "or another folder"
    case .unsupported(let text): text
    }
  }

  /// Whether the same request may well succeed a moment later.
  var isPassing: Bool {
    switch self {
    case .transfer: true
    case .status(_, let status): status >= 500 || status == 408 || status == 429
    default: false
    }
  }
}
