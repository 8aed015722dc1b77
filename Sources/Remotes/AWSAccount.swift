import Glibc
import Storage

/// Who signs requests to S3, and where it is: from the standard variables and files.
struct AWSAccount: Sendable {
  let credentials: RemoteLocation.Credentials
  let token: String?
  let region: String
  /// Another service than Amazon's, without a slash at its end.
  let endpoint: String?

  /// The variables come before the profile of `~/.aws/credentials` and `~/.aws/config`.
  /// - Parameter remote: whose account it is, for an error.
  init(for remote: String) throws(RemoteError) {
    let profile = AWSAccount.variable("AWS_PROFILE") ?? "default"
    let home = AWSAccount.variable("HOME") ?? ""
    let secrets = AWSAccount.section(
      profile, of: AWSAccount.variable("AWS_SHARED_CREDENTIALS_FILE") ?? "\(home)/.aws/credentials")
    let settings = AWSAccount.section(
      profile == "default" ? profile : "profile \(profile)",
      of: AWSAccount.variable("AWS_CONFIG_FILE") ?? "\(home)/.aws/config")
    if let user = AWSAccount.variable("AWS_ACCESS_KEY_ID"),
      let password = AWSAccount.variable("AWS_SECRET_ACCESS_KEY")
    {
      credentials = .init(user: user, password: password)
      token = AWSAccount.variable("AWS_SESSION_TOKEN")
    } else if let user = secrets["aws_access_key_id"],
      let password = secrets["aws_secret_access_key"]
    {
      credentials = .init(user: user, password: password)
      token = secrets["aws_session_token"]
    } else {
      throw .location(
        "\(remote): no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write the "
          + "profile '\(profile)' into ~/.aws/credentials")
    }
    region =
      AWSAccount.variable("AWS_REGION") ?? AWSAccount.variable("AWS_DEFAULT_REGION")
      ?? settings["region"] ?? secrets["region"] ?? "us-east-1"
    let override =
      AWSAccount.variable("AWS_ENDPOINT_URL_S3") ?? AWSAccount.variable("AWS_ENDPOINT_URL")
      ?? settings["endpoint_url"]
    endpoint = override.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    guard endpoint?.contains("@") != true else {
      throw .location("\(remote): AWS_ENDPOINT_URL must not hold credentials")
    }
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The entries of one `[section]` of a file; none where there is no such file.
  private static func section(_ name: String, of file: String) -> [String: String] {
    guard let bytes = try? File.contents(of: file) else { return [:] }
    var entries: [String: String] = [:]
    var isInside = false
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let text = trimmed(line)
      if text.hasPrefix("[") {
        isInside = trimmed(text.dropFirst().prefix { $0 != "]" }) == name
      } else if isInside, !text.hasPrefix("#"), let equals = text.firstIndex(of: "=") {
        entries[trimmed(text[..<equals])] = trimmed(text[text.index(after: equals)...])
      }
    }
    return entries
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
