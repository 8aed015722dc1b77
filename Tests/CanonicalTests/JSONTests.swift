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

  @Test(arguments: [
    ("", "1:1: the document is empty"), (" \n ", "2:2: the document is empty"),
    ("{", "1:2: the document ends where a key in quotes should stand"),
    ("{\"a\"}", "1:5: ':' after the key 'a' should stand here, not '}'"),
    ("{\"a\": 1,}", "1:9: a key in quotes should stand here, not '}'"),
    ("[1,\n 2", "2:3: the document ends where ',' or ']' should stand"),
    ("[1 2]", "1:4: ',' or ']' should stand here, not '2'"),
    ("[1, ]", "1:5: a value should stand here, not ']'"),
    ("nul", "1:1: a value should stand here, not 'nul'"),
    ("[\"é\", NaN]", "1:7: a value should stand here, not 'NaN'"),
    ("[-Infinity]", "1:3: a digit should stand here, not 'Infinity'"),
    ("[01]", "1:2: a number must not start with 0"),
    ("[1.]", "1:4: a digit should stand here, not ']'"),
    ("{}\nrest", "2:1: the document has ended, but 'rest' follows"),
    ("[\"a", "1:2: the string has no end"),
    ("[\"a\n\"]", "1:4: a string must have the byte 0x0A as an escape"),
    (#"["\x"]"#, "1:3: the escape is none of JSON's"),
    (#"["\ud800"]"#, "1:3: the escape is none of JSON's"),
    ("{\"a\": 1, \"b\": 2,\n \"a\": 3}", "2:2: the key 'a' is given twice"),
    ("\u{0}", "1:1: a value should stand here, not the byte 0x00"),
    ("\u{FEFF}[1", "1:3: the document ends where ',' or ']' should stand"),
  ])
  func whatIsWrongSaysWhereAndWhy(text: String, message: String) {
    let error = #expect(throws: JSONError.self) { try Value(readingJSON: Array(text.utf8)) }
    #expect(error?.description == message)
  }

  @Test func levelsAreLimited() throws {
    func nested(_ levels: Int) -> [UInt8] {
      Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
    }
    #expect(Value(json: nested(512)) != nil)
    let error = #expect(throws: JSONError.self) { try Value(readingJSON: nested(513)) }
    #expect(error?.description == "1:513: more than 512 levels of lists and objects")
  }

  @Test func whatIsNotUTF8IsRefused() {
    let bytes: [UInt8] = [0x5b, 0x22, 0xff, 0x22, 0x5d]
    let error = #expect(throws: JSONError.self) { try Value(readingJSON: bytes) }
    #expect(error?.description == "1:2: the string is not UTF-8")
  }

  @Test func aByteOrderMarkMayComeFirst() {
    #expect(Value(json: "\u{FEFF}[1]".utf8) == [1])
  }
}
