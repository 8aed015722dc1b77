import Foundation
import TestSupport
import Testing

@testable import Canonical

@Suite struct JSONTests {
  /// The value that Foundation's own parser finds in a JSON text.
  private static func parsed(_ text: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  private static func agrees(_ value: Value, _ object: Any) -> Bool {
    switch value {
    case .null: object is NSNull
    case .number(let number) where !number.isFinite: object is NSNull
    case .bool(let bool): (object as? NSNumber)?.boolValue == bool
    case .integer(let integer): (object as? NSNumber)?.intValue == integer
    case .number(let number): (object as? NSNumber)?.doubleValue == number
    case .string(let text): (object as? String).map { $0.utf8.elementsEqual(text.utf8) } ?? false
    case .list(let values):
      (object as? [Any]).map { $0.count == values.count && zip(values, $0).allSatisfy(agrees) }
        ?? false
    case .map(let entries):
      (object as? [String: Any]).map { other in
        other.count == entries.count
          && entries.allSatisfy { key, value in other[key].map { agrees(value, $0) } ?? false }
      } ?? false
    }
  }

  @Test(arguments: [false, true])
  func foundationReadsItBack(pretty: Bool) throws {
    var source = SplitMix(state: 11)
    for _ in 0..<1000 {
      let value = Value.random(&source)
      let text = value.json(pretty: pretty)
      #expect(JSONTests.agrees(value, try JSONTests.parsed(text)), "\(text)")
    }
  }

  @Test func keysAreInTheOrderOfTheirBytes() {
    let value: Value = ["b": 1, "a": [1, 2.5, "x"], "B": ["z": .null, "y": true]]
    #expect(value.json() == #"{"B":{"y":true,"z":null},"a":[1,2.5,"x"],"b":1}"#)
  }

  @Test func prettyTextIsIndentedByTwoSpaces() {
    let value: Value = ["a": [1, 2], "b": ["c": [["d": 1]]], "e": [], "f": [:]]
    #expect(
      value.json(pretty: true) == """
        {
          "a": [1, 2],
          "b": {
            "c": [
              {
                "d": 1
              }
            ]
          },
          "e": [],
          "f": {}
        }
        """)
  }

  @Test func everyCharacterSurvivesQuoting() throws {
    for code in UInt32(0)..<0x3000 {
      let text = String(try #require(Unicode.Scalar(code)))
      let read = try JSONTests.parsed(Value.string(text).json()) as? String
      #expect(read?.utf8.elementsEqual(text.utf8) == true, "U+\(String(code, radix: 16))")
    }
  }

  @Test func numbersThatDoNotExistAreNull() {
    #expect(Value.list([.number(.nan), .number(-.infinity)]).json() == "[null,null]")
  }

  @Test func itReadsItsOwnText() {
    var source = SplitMix(state: 12)
    for _ in 0..<500 {
      let text = Value.random(&source).json()
      #expect(Value(json: text.utf8)?.json() == text)
    }
  }

  @Test(arguments: ["", "{", "[1 2]", "{\"a\"}", "nul", "\"", "1 2", "\u{0}"])
  func whatIsNoDocumentIsRefused(text: String) { #expect(Value(json: text.utf8) == nil) }
}
