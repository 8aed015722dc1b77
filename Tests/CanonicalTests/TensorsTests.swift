import TestSupport
import Testing

@testable import Canonical

@Suite struct TensorsTests {
  private static var example: Tensors {
    var tensors = Tensors()
    tensors.set("weights", [1, -0.0, .infinity, .leastNonzeroMagnitude, 2.5, -1], shape: [2, 3])
    tensors.set("ids", [3, -1, .max, .min])
    tensors.set("a scalar", [7.0], shape: [])
    tensors.set("nothing", [Double](), shape: [0, 4])
    tensors.metadata = ["format": "1", "é": "\"quoted\""]
    return tensors
  }

  @Test func arraysReadBack() throws {
    #expect(try Tensors(bytes: TensorsTests.example.bytes) == TensorsTests.example)
  }

  @Test func theBytesAreTheSameAtEveryWriting() throws {
    let bytes = TensorsTests.example.bytes
    #expect(try Tensors(bytes: bytes).bytes == bytes)
    #expect(bytes.count % 8 == 0)
  }

  @Test func everyNaNIsTheCanonicalOne() throws {
    var tensors = Tensors()
    tensors.set("x", [Double(nan: 5, signaling: true), -Double.nan])
    let read = try Tensors(bytes: tensors.bytes).numbers("x").values
    #expect(read.map(\.bitPattern) == [0x7ff8_0000_0000_0000, 0x7ff8_0000_0000_0000])
  }

  /// An independent reader, from the description of the format.
  @Test(.enabled(if: Python.isHere, "needs python3"))
  func pythonReadsTheSameArrays() throws {
    let text = try Python.run(
      """
      import json, struct, sys
      raw = open(sys.argv[1], 'rb').read()
      size, = struct.unpack('<Q', raw[:8])
      head, data = json.loads(raw[8:8 + size]), raw[8 + size:]
      assert head.pop('__metadata__') == {'format': '1', 'é': '"quoted"'}
      assert list(head) == sorted(head)
      for name, entry in head.items():
          start, end = entry['data_offsets']
          code = {'F64': 'd', 'I64': 'q'}[entry['dtype']]
          items = [x[0] for x in struct.iter_unpack('<' + code, data[start:end])]
          print(name, entry['shape'], items)
      """, TensorsTests.example.bytes)
    #expect(
      text == """
        a scalar [] [7.0]
        ids [4] [3, -1, 9223372036854775807, -9223372036854775808]
        nothing [0, 4] []
        weights [2, 3] [1.0, -0.0, inf, 5e-324, 2.5, -1.0]

        """)
  }

  @Test func noTruncatedFileIsRead() {
    let bytes = TensorsTests.example.bytes
    for count in bytes.indices {
      #expect(throws: FormatError.self) { try Tensors(bytes: Array(bytes[..<count])) }
    }
  }

  /// A damaged header is refused or read as something else; it never stops the program.
  @Test func noDamagedHeaderStopsTheProgram() {
    var source = SplitMix(state: 15)
    let bytes = TensorsTests.example.bytes
    for _ in 0..<3000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &source) {
        let place = Int.random(in: 0..<bytes.count - 100, using: &source)
        damaged[place] = UInt8.random(in: 0...255, using: &source)
      }
      _ = try? Tensors(bytes: damaged)
    }
  }

  private static func file(_ header: String, data: Int = 16) -> [UInt8] {
    [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  @Test(arguments: [
    #"[]"#,
    #"{"x":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"x":{"dtype":"F64","shape":[2],"data_offsets":[8,24]}}"#,
    #"{"x":{"dtype":"F64","shape":[2],"data_offsets":[16,0]}}"#,
    #"{"x":{"dtype":"F64","shape":[2],"data_offsets":[-8,8]}}"#,
    #"{"x":{"dtype":"F64","shape":[-1,-2],"data_offsets":[0,16]}}"#,
    #"{"x":{"dtype":"F64","shape":[2305843009213693952,2],"data_offsets":[0,16]}}"#,
    #"{"x":{"dtype":"F64","shape":[2,"1"],"data_offsets":[0,16]}}"#,
    #"{"x":{"dtype":"F64","data_offsets":[0,16]}}"#,
    #"{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#,
    #"{"x":{"shape":[2],"data_offsets":[0,16]}}"#,
    #"{"x":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"#
      + #""y":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}"#,
  ])
  func headersThatDoNotFitAreRefused(header: String) {
    #expect(throws: FormatError.self) { try Tensors(bytes: TensorsTests.file(header)) }
  }

  /// `export` writes each array to a file of its name.
  @Test(arguments: ["../x", "/x", "a/b", ".", "..", "", #"a\u0000b"#])
  func namesThatLeadElsewhereAreRefused(name: String) {
    let header = #"{"\#(name)":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#
    #expect(throws: FormatError.self) { try Tensors(bytes: TensorsTests.file(header)) }
  }

  @Test func otherTypesAreNamed() {
    let header = #"{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#
    #expect(throws: FormatError("array 'x' is of F32; only F64 and I64 are read")) {
      try Tensors(bytes: TensorsTests.file(header))
    }
  }
}
