import Canonical
import Testing

@testable import Pipeline

@Suite struct StageKeyTests {
  private let key = StageKey(
    kind: "fit", version: 3, numerics: 2, parameters: Digest(of: "parameters"), seed: 7,
    inputs: [
      .init(kind: "draw", content: Digest(of: "a")), .init(kind: "draw", content: Digest(of: "b")),
    ])

  private func changed(_ change: (inout StageKey) -> Void) -> StageKey {
    var key = key
    change(&key)
    return key
  }

  @Test func thePreimageReadsBack() {
    #expect(StageKey(preimage: key.preimage) == key)
    let other = changed {
      $0.seed = nil
      $0.inputs = []
    }
    #expect(StageKey(preimage: other.preimage) == other)
  }

  @Test func noTruncatedOrLongerPreimageIsOne() {
    for count in key.preimage.indices {
      #expect(StageKey(preimage: Array(key.preimage[..<count])) == nil)
    }
    #expect(StageKey(preimage: key.preimage + [0]) == nil)
  }

  @Test func everyPartIsInThePreimage() {
    let others = [
      changed { $0.kind = "tif" }, changed { $0.version = 4 }, changed { $0.numerics = 3 },
      changed { $0.parameters = Digest(of: "") }, changed { $0.seed = 8 },
      changed { $0.seed = nil }, changed { $0.inputs.swapAt(0, 1) },
      changed { $0.inputs.removeLast() }, changed { $0.inputs[0].kind = "drew" },
    ]
    #expect(Set(others.map(\.preimage) + [key.preimage]).count == others.count + 1)
  }

  /// What the key of a stage is made of is documented; changing it makes every store stale.
  @Test func theFormatIsAsItWas() {
    #expect(
      Digest(of: key.preimage).hex
        == "ec7d65c31d8953bc3910ca5c662f67e3f00fce1c298101af4b0eab9445667959")
  }
}
