import Glibc

/// A server on loopback, ended when it is let go: by a signal that the threads of tests, whose mask it
/// inherits, cannot have blocked.
package final class Server {
  /// What it wrote when it was ready: its URL, and what else it says.
  package let lines: [String]
  private let program: Program

  private init(_ program: Program, _ lines: [String]) {
    (self.program, self.lines) = (program, lines)
  }

  deinit {
    program.signal(SIGKILL)
    _ = try? program.wait()
  }

  package var url: String { lines[0] }

  private static let environment = [
    "PATH": getenv("PATH").map { String(cString: $0) + ":/usr/sbin" } ?? "/usr/bin:/bin:/usr/sbin",
    "HOME": getenv("HOME").map { String(cString: $0) } ?? "/",
  ]

  /// Starts a script beside the tests, and waits for the file in which it says where it is.
  private static func script(
    _ python: String, _ name: String, _ arguments: [String], in folder: Folder
  ) throws -> Server {
    let file = "\(folder.path)/\(name).\(folder.number).url"
    let program = try Program(
      [python, "\(Sandbox.package)/Tests/TestSupport/Servers/\(name)"] + arguments + [file],
      in: folder.path, environment: environment, logs: "\(file).log", keeping: folder)
    try eventually(name, by: program) { access(file, F_OK) == 0 }
    return Server(program, try Folder.text(file).split(separator: "\n").map(String.init))
  }

  /// An HTTP cache that has a fault, in front of the files of a folder.
  package static func faulty(_ fault: String, _ content: String) throws -> Server {
    try script("python3", "faulty.py", [fault, content], in: Folder())
  }

  /// An S3 that checks signatures: endpoint, key, secret. Nil where no Python has moto.
  package static func s3() throws -> Server? {
    let own = getenv("MECHANICS_TEST_PYTHON").map { String(cString: $0) }
    for python in [own, "python3"].compactMap(\.self) {
      let folder = try Folder()
      let check = try Program(
        [python, "-c", "import moto.server, boto3"], in: folder.path, environment: environment,
        logs: "\(folder.path)/check"
      ).wait()
      if check.code == 0 { return try script(python, "moto_s3.py", [], in: folder) }
    }
    return nil
  }

  /// nginx in the layout of Bazel's HTTP cache, with a password; its lines are its URL, its port and
  /// where its data is. Nil where there is none.
  /// - Parameter certificate: the folder of `key.pem` and `certificate.pem`, for TLS.
  package static func nginx(in folder: Folder, certificate: String? = nil) throws -> Server? {
    guard access("/usr/sbin/nginx", X_OK) == 0 else { return nil }
    let path = folder.path
    try folder.write("users", "me:{PLAIN}secret\n")
    Folder.makeFolder("\(path)/data")
    // A port that is free may be taken before nginx has it.
    var failure = Failure("no port for nginx")
    for _ in 0..<5 {
      do {
        return try nginx(in: folder, certificate, port: try freePort())
      } catch let error as Failure { failure = error }
    }
    throw failure
  }

  private static func nginx(in folder: Folder, _ certificate: String?, port: Int) throws -> Server {
    let path = folder.path
    try folder.write("nginx.conf", configuration(path, port, certificate))
    let program = try Program(
      ["nginx", "-e", "\(path)/error.log", "-c", "\(path)/nginx.conf"], in: path,
      environment: environment, logs: "\(path)/nginx", keeping: folder)
    try eventually("nginx", by: program) { access("\(path)/nginx.pid", F_OK) == 0 }
    let scheme = certificate == nil ? "http" : "https"
    return Server(
      program, ["\(scheme)://me:secret@127.0.0.1:\(port)", "\(port)", "\(path)/data"])
  }

  private static func configuration(_ path: String, _ port: Int, _ certificate: String?) -> String {
    """
    daemon off; master_process off; pid \(path)/nginx.pid; worker_processes 1;
    \(getuid() == 0 ? "user root;" : "")
    events { worker_connections 1024; }
    http {
      access_log off; client_max_body_size 1g; keepalive_requests 1000000;
      client_body_temp_path \(path)/body; proxy_temp_path \(path)/p; fastcgi_temp_path \(path)/f;
      uwsgi_temp_path \(path)/u; scgi_temp_path \(path)/s;
      server {
        listen 127.0.0.1:\(port) \(certificate == nil ? "" : "ssl"); root \(path)/data;
        \(certificate.map { "ssl_certificate \($0)/certificate.pem;" } ?? "")
        \(certificate.map { "ssl_certificate_key \($0)/key.pem;" } ?? "")
        auth_basic "cache"; auth_basic_user_file \(path)/users;
        location ~ "^/(ac|cas)/[0-9a-f]{64}$" { dav_methods PUT DELETE; create_full_put_path on; }
      }
    }

    """
  }

  private static func freePort() throws(Failure) -> Int {
    let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(handle) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Bool in
        bind(handle, address, length) == 0 && getsockname(handle, address, &length) == 0
      }
    }
    guard port else { throw Failure("no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}

extension Folder {
  /// Tells folders apart in names of files.
  fileprivate var number: String { String(path.suffix(6)) }
}

/// Whether this is CI, where nothing that it installs may be missing.
package let isCI = getenv("CI").map { String(cString: $0) } == "1"
