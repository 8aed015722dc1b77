import Canonical
import ManifestToys
import Manifests
import Testing

/// Documents are read as YAML 1.2 says, within limits.
struct YAMLTests {
  private func value(_ scalar: String) throws -> Value? {
    try Manifest.raw(Array("a: \(scalar)\n".utf8), file: "a.yaml")["a"]
  }

  @Test(arguments: [
    ("yes", "yes"), ("On", "On"), ("0b1", "0b1"), ("1_000", "1_000"), ("12:30", "12:30"),
    ("2024-01-01", "2024-01-01"), ("'1'", "1"), ("\"true\"", "true"), ("nUll", "nUll"),
    ("+", "+"), (".", "."), ("e3", "e3"), ("1e", "1e"), ("0x", "0x"), ("0o8", "0o8"),
    ("-0x1", "-0x1"), ("1..100", "1..100"), (".e1", ".e1"), ("+.nan", "+.nan"), ("1 2", "1 2"),
    ("!!str 1", "1"), ("! 1", "1"), ("0x+1", "0x+1"), ("infinity", "infinity"), ("nan", "nan"),
    ("٣", "٣"),
  ])
  func staysAString(_ written: String, _ text: String) throws {
    #expect(try value(written) == .string(text))
  }

  @Test(arguments: [
    ("1", Value.integer(1)), ("-0", .integer(0)), ("+12", .integer(12)), ("017", .integer(17)),
    ("0o17", .integer(15)), ("0x1F", .integer(31)), ("!!int '3'", .integer(3)),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .number(0x1p63)), ("0x10000000000000000", .number(0x1p64)),
    ("1e3", .number(1000)), ("1.", .number(1)), (".5", .number(0.5)), ("-.5E-1", .number(-0.05)),
    ("1.e2", .number(100)), (".inf", .number(.infinity)), ("-.INF", .number(-.infinity)),
    ("1e999", .number(.infinity)), ("!!float 1", .number(1)), ("1e-999", .number(0)),
    ("true", .bool(true)), ("FALSE", .bool(false)), ("~", .null), ("", .null), ("Null", .null),
    ("!!null ''", .null), ("!!bool 'True'", .bool(true)),
  ])
  func isRead(_ written: String, _ expected: Value) throws {
    #expect(try value(written) == expected)
  }

  @Test func notANumberIsRead() throws {
    #expect(try value(".NaN")?.double?.isNaN == true)
  }

  @Test func keysAreTheirText() throws {
    let raw = try Manifest.raw(Array("1: a\ntrue: b\n'~': c\n".utf8), file: "a.yaml")
    #expect(raw == ["1": "a", "true": "b", "~": "c"])
  }

  @Test func anchorsMayBeKeysAndMayBeTakenAgain() throws {
    let raw = try Manifest.raw(
      Array("&a b: &c 1\n*a : 2\nd: &c 3\ne: *c\n".replacing("*a : 2\n", with: "").utf8),
      file: "a.yaml")
    #expect(raw == ["b": 1, "d": 3, "e": 3])
  }

  @Test func limitsAreExact() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(throws: Never.self) { try Manifest.raw(nested(64), file: "a.yaml") }
    #expect(throws: Diagnostics.self) { try Manifest.raw(nested(65), file: "a.yaml") }
    func long(_ count: Int) -> [UInt8] {
      Array(("[" + String(repeating: "1,", count: count) + "]").utf8)
    }
    #expect(throws: Never.self) { try Manifest.raw(long(99_999), file: "a.yaml") }
    #expect(throws: Diagnostics.self) { try Manifest.raw(long(100_000), file: "a.yaml") }
    let comment = [UInt8](repeating: UInt8(ascii: "#"), count: 8 << 20)
    #expect(Toy.faults(comment) == "toy.yaml: the file is empty")
    #expect(Toy.faults(comment + [10]) == "toy.yaml: the file is larger than 8 MiB")
  }

  @Test func deepNestingEndsEarly() {
    for opening in ["[", "{a: ", "- ", "? ", "!!map {", "&a ["] {
      let text = Array(String(repeating: opening, count: 200_000).utf8)
      #expect(throws: Diagnostics.self) { try Manifest.raw(text, file: "a.yaml") }
    }
  }

  @Test func manyErrorsAreFoundInOnePass() {
    let keys = (0..<45_000).map { "key\($0): 1\n" }.joined()
    #expect(Toy.faults(Toy.minimal(keys)).split(separator: "\n").count == 45_000)
    let anchors = (0..<20_000).map { "a\($0): [&b\($0) 1, *c\($0)]\n" }.joined()
    #expect(Toy.faults(Toy.minimal(anchors)).split(separator: "\n").count == 40_000)
    let claims = (0..<6_000).map { _ in "- {says: a, metric: errror, at-least: 1, at-most: 2}\n" }
    let found = Toy.faults(Toy.minimal("claims:\n" + claims.joined())).split(separator: "\n")
    #expect(found.count == 12_000)
  }

  @Test func everySingleByteIsReadOrRefused() {
    for first in UInt8.min...UInt8.max {
      for second in [UInt8](arrayLiteral: 0, 10, 32, 58, 0x80, 0xBF, 0xFF) {
        _ = Toy.faults([first, second])
      }
    }
  }
}
