import Canonical
import Glibc
import Storage
import TestSupport
import Testing

/// Blobs larger than the memory that they may take go to shared caches and come from them.
@Suite(.serialized)
struct BigBlobTests {
  private let sandbox: Sandbox

  init() throws { sandbox = try Example.accepted() }

  /// Gives the experiment's figure, which no other stage reads, this many bytes.
  private func makeBig(_ megabytes: Int) throws -> Blob {
    let store = try Store(at: sandbox.environment["MECHANICS_CACHE"]!)
    let scratch = try store.scratch()
    var piece = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
    for number in 0..<megabytes {
      piece[number] &+= 1
      try piece.withUnsafeBytes { try scratch.append($0) }
    }
    let content = scratch.content
    let blob = Blob(digest: try content.digest(), size: content.size)
    let old = try #require(
      store.records().first { String(decoding: $0.preimage, as: UTF8.self).contains("figure") })
    let record = Record(
      key: old.key, preimage: old.preimage, details: old.details, outputs: [blob],
      producer: old.producer, time: old.time, seconds: old.seconds)
    try store.add([(blob, content)])
    try store.borrow(record, details: store.read(old.details))
    return blob
  }

  private func moveToAnotherMachine(_ name: String) {
    sandbox.environment["MECHANICS_CACHE"] = "\(sandbox.folder.path)/\(name)"
  }

  /// Runs a command to its end.
  /// - Returns: how it ended, and the most memory that it had, in MiB.
  private func measure(_ arguments: String...) throws -> (exit: Program.Exit, peak: Int) {
    let file = "\(sandbox.folder.path)/peak"
    let program = """
      import resource, subprocess, sys
      code = subprocess.call(sys.argv[2:])
      open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
      sys.exit(code)
      """
    sandbox.launcher = ["/usr/bin/python3", "-c", program, file]
    defer { sandbox.launcher = [] }
    let exit = try sandbox.start(arguments).wait()
    return (exit, Int(try Folder.text(file)).map { $0 >> 10 } ?? .max)
  }

  /// Pushes a blob, moves, and pulls it, with little memory.
  private func checkSharing(_ megabytes: Int, _ cache: String...) throws -> Blob {
    let blob = try makeBig(megabytes)
    let push = try measure("cache", "push", "--cache", cache[0], "--cache-required")
    #expect(push.exit.code == 0, "\(push)")
    moveToAnotherMachine("other")
    let pull = try measure("cache", "pull", "--cache", cache[0], "--cache-required")
    #expect(pull.exit.code == 0 && pull.exit.err.contains(" 0 nowhere"), "\(pull)")
    let verify = try measure("cache", "verify")
    #expect(verify.exit.code == 0, "\(verify)")
    #expect(try Store(at: sandbox.environment["MECHANICS_CACHE"]!).contains(blob))
    let peaks = [push.peak, pull.peak, verify.peak]
    print("a blob of \(megabytes) MiB by \(cache[0].prefix(4)): peaks of \(peaks) MiB")
    #expect(peaks.allSatisfy { $0 < 100 }, "\(peaks) MiB")
    return blob
  }

  @Test func byNginx() throws {
    guard let server = try Server.nginx(in: Folder()) else {
      return try #require(!isCI, "nginx is missing")
    }
    try sandbox.folder.write("home/.netrc", "machine 127.0.0.1 login me password secret\n")
    let url = "http://127.0.0.1:\(server.lines[1])"
    let blob = try checkSharing(300, url)
    let file = "\(server.lines[2])/cas/\(blob.digest.hex)"

    let handle = try File(file, O_RDWR)
    let place = 200 << 20
    let sound = try handle.read(at: place, count: 1)
    try handle.write([sound[0] ^ 1], at: place)
    try checkRefusal(of: blob, url, "altered")
    try handle.write(sound, at: place)
    try handle.truncate(to: place)
    try checkRefusal(of: blob, url, "cut")
  }

  private func checkRefusal(of blob: Blob, _ url: String, _ name: String) throws {
    moveToAnotherMachine(name)
    let pull = try measure("cache", "pull", "--cache", url)
    #expect(pull.exit.err.contains("warning: refused from \(url): cas/"), "\(pull)")
    #expect(pull.exit.err.contains(" 1 nowhere") && pull.peak < 100, "\(pull)")
    #expect(try !Store(at: "\(sandbox.folder.path)/\(name)").contains(blob))
  }

  /// A password that is missing is asked for before the body is sent, not after.
  @Test func aBodyThatIsRefusedIsNotSent() throws {
    guard let server = try Server.nginx(in: Folder()) else {
      return try #require(!isCI, "nginx is missing")
    }
    _ = try makeBig(8)
    let push = try sandbox.run("cache", "push", "--cache", "http://127.0.0.1:\(server.lines[1])")
    #expect(push.code == 4 && push.err.contains("answered with status 401"), "\(push)")
    #expect(Folder.names(server.lines[2]).isEmpty)
  }

  @Test func bySharedFolder() throws {
    let folder = "file://\(sandbox.folder.path)/shared"
    let blob = try checkSharing(300, folder)
    let verify = try measure("cache", "verify", "--cache", folder)
    #expect(verify.exit.code == 0 && verify.peak < 100, "\(verify)")

    let pack = try File("\(sandbox.folder.path)/other/segments/000001.pack", O_RDWR)
    let size = try pack.size()
    #expect(size > blob.size)
    try pack.write([UInt8](repeating: 0xa5, count: 1 << 16), at: size / 2)
    let push = try measure("cache", "push", "--cache", "file://\(sandbox.folder.path)/new")
    #expect(push.exit.code == 4 && push.exit.err.contains("1 not sent"), "\(push)")
    let hex = blob.digest.hex
    #expect(!sandbox.folder.exists("new/cas/\(hex.prefix(2))/\(hex)"), "it is damaged")
  }

  @Test func byS3() throws {
    guard let server = try Server.s3() else { return try #require(!isCI, "moto is missing") }
    sandbox.environment["AWS_ENDPOINT_URL"] = server.url
    sandbox.environment["AWS_ACCESS_KEY_ID"] = server.lines[1]
    sandbox.environment["AWS_SECRET_ACCESS_KEY"] = server.lines[2]
    _ = try checkSharing(150, "s3://lab/big")
    let verify = try measure("cache", "verify", "--cache", "s3://lab/big")
    #expect(verify.exit.code == 0 && verify.peak < 100, "\(verify)")
  }

  /// Who stops in the midst of a big body is not waited for without end.
  @Test(arguments: ["broken", "stalled"])
  func aServerThatBreaksOff(fault: String) throws {
    _ = try makeBig(8)
    let folder = "\(sandbox.folder.path)/shared"
    #expect(try sandbox.run("cache", "push", "--cache", "file://\(folder)").code == 0)
    for (name, bytes) in try sandbox.folder.files("shared") where name != "format" {
      let parts = name.split(separator: "/")
      try Folder.write("\(sandbox.folder.path)/flat/\(parts[0])/\(parts[2])", bytes)
    }
    let server = try Server.faulty(fault, "\(sandbox.folder.path)/flat")
    let home = sandbox.environment["MECHANICS_CACHE"]!
    moveToAnotherMachine("other")
    let pull = try sandbox.run("cache", "pull", "--cache", server.url, "--cache-required")
    #expect(pull.code == 4 && pull.err.contains(server.url), "\(pull)")
    guard fault == "stalled" else { return }
    sandbox.environment["MECHANICS_CACHE"] = home
    let empty = try Server.faulty(fault, "\(sandbox.folder.path)/empty")
    let push = try sandbox.run("cache", "push", "--cache", empty.url, "--cache-required")
    #expect(push.code == 4 && push.err.contains(empty.url), "\(push)")
  }
}
