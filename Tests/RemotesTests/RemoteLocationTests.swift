import Testing

@testable import Remotes

/// URLs of shared caches.
struct RemoteLocationTests {
  @Test func partsAreFound() throws {
    let location = try RemoteLocation("https://user:p%40ss@host:8443/a/b/#read-only")
    #expect(location.name == "https://host:8443/a/b" && location.isReadOnly)
    #expect(location.credentials?.user == "user" && location.credentials?.password == "p@ss")
    #expect(try RemoteLocation("file:///nfs/x/").path == "/nfs/x")
    #expect(try RemoteLocation("s3://bucket").path == "")
    #expect(try RemoteLocation("s3://bucket/p#virtual-host,read-only").isVirtualHost)
  }

  @Test(arguments: [
    "nfs/x", "ftp://host/x", "file://host/x", "file://", "http://", "http:///x", "s3:///x",
    "http://host/x?y=z", "http://host/x#writable", "file:///nfs/../etc", "http://h/x#virtual-host",
    "s3://me:secret@bucket/x",
  ])
  func badOnesAreErrors(text: String) throws {
    let error = try #require(throws: RemoteError.self) { try RemoteLocation(text) }
    #expect(!"\(error)".contains("secret"))
  }

  /// Their passwords have characters that end a host.
  private static let broken = ["#", "/", "?"].flatMap { mark in
    ["http", "https", "s3", "file"].map { "\($0)://me:pa\(mark)secret@host/x" }
  }

  @Test func aPasswordThatEndsTheHostIsRefusedAndTheEscapesAreNamed() throws {
    for text in RemoteLocationTests.broken {
      let error = try #require(throws: RemoteError.self) { try RemoteLocation(text) }
      #expect("\(error)".contains("%23 for '#', %2F for '/'"), "\(error)")
      #expect(!"\(error)".contains("me:pa"), "\(error)")
    }
    let location = try RemoteLocation("http://me:pa%23%2F%3Fss@host/x")
    #expect(location.credentials?.password == "pa#/?ss" && location.hasPassword)
    #expect(try RemoteLocation("file:///home/me@corp/cache").path == "/home/me@corp/cache")
  }

  @Test func noErrorShowsAPassword() throws {
    for text in ["ftp://me:secret@host/x", "http://me:secret@host/x?y", "me:secret@host"]
      + RemoteLocationTests.broken
    {
      let error = try #require(throws: RemoteError.self) { try RemoteLocation(text) }
      #expect(!"\(error)".contains("secret"), "\(error)")
    }
  }
}
