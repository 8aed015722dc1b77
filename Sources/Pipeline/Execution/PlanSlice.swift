import Canonical
import Manifests

/// Some stages of a plan with all that they depend on: what a worker in another process carries
/// out, without a manifest and without planning.
package struct PlanSlice: Sendable {
  /// The slice as a plan of its own, without experiments.
  package let plan: Plan
  /// Which of its stages are to be executed; the others are only looked up.
  package private(set) var own: [Bool] = []
  /// The number of each stage in the plan that it is a slice of.
  package private(set) var numbers: [Int] = []
  /// The address of each stage.
  package private(set) var addresses: [String] = []

  fileprivate static let tag = "mechanics.slice.1"

  /// Reads a slice that a program with the same kinds wrote.
  /// - Throws: `FormatError` where it is damaged, or of another version of the program.
  package init(_ bytes: [UInt8], _ catalog: Catalog) throws(FormatError) {
    var decoding = Decoding(bytes[...])
    guard decoding.string() == PlanSlice.tag, decoding.integer() == catalog.numerics,
      let sets = decoding.value()?.list, let files = decoding.value()?.map,
      let stages = decoding.value()?.list, decoding.isAtEnd
    else { throw PlanSlice.mismatch }
    var plan = Plan(catalog: catalog)
    for set in sets {
      guard let parameters = ParameterSet(value: set) else { throw PlanSlice.mismatch }
      _ = plan.add(parameters)
    }
    for (digest, path) in files {
      guard let digest = Digest(hex: digest), let path = path.string else {
        throw PlanSlice.mismatch
      }
      plan.add(file: path, digest: digest)
    }
    for stage in stages {
      guard let kind = stage["kind"]?.integer, catalog.kinds.indices.contains(kind),
        stage["name"]?.string == catalog.kinds[kind].name,
        stage["version"]?.integer == catalog.kinds[kind].version,
        let inputs = PlanSlice.inputs(stage, below: plan.stages.count),
        let parameters = stage["parameters"]?.integer,
        plan.parameterSets.indices.contains(parameters), let number = stage["number"]?.integer,
        let address = stage["address"]?.string, let own = stage["own"]?.bool
      else { throw PlanSlice.mismatch }
      _ = plan.add(
        kind: kind, parameters: parameters, seed: stage["seed"]?.integer, inputs: inputs)
      self.own.append(own)
      numbers.append(number)
      addresses.append(address)
    }
    self.plan = plan
  }

  /// The inputs of a stage, which all come before it; nil where one does not.
  private static func inputs(_ stage: Value, below count: Int) -> [Int32]? {
    guard let list = stage["inputs"]?.list else { return nil }
    let inputs = list.compactMap(\.integer).filter { (0..<count).contains($0) }
    return inputs.count == list.count ? inputs.map(Int32.init) : nil
  }

  private static let mismatch = FormatError(
    "the task was written by another version of mechanics than this worker's: run again")
}

extension Plan {
  /// The slice that executes `own`, encoded.
  package func slice(_ own: [Int]) -> [UInt8] {
    let needed = needed(for: own)
    let numbers = stages.indices.filter { needed[$0] }
    let sets = Set(numbers.map { stages[$0].parameters }).sorted()
    let setPlaces = Dictionary(uniqueKeysWithValues: zip(sets, 0...))
    let places = Dictionary(uniqueKeysWithValues: zip(numbers, 0...))
    let isOwn = Set(own)
    var encoding = Encoding()
    encoding.append(PlanSlice.tag)
    encoding.append(catalog.numerics)
    encoding.append(.list(sets.map { parameterSets[$0].value }))
    encoding.append(
      .map(Dictionary(uniqueKeysWithValues: files.map { ($0.key.hex, .string($0.value)) })))
    encoding.append(
      .list(
        numbers.map { number in
          [
            "number": .integer(number), "address": .string(address(of: number)),
            "own": .bool(isOwn.contains(number)), "kind": .integer(stages[number].kind),
            "name": .string(kind(of: number).name),
            "version": .integer(kind(of: number).version),
            "parameters": .integer(setPlaces[stages[number].parameters]!),
            "seed": stages[number].seed.map(Value.integer) ?? .null,
            "inputs": .list(inputs(of: number).map { .integer(places[Int($0)]!) }),
          ]
        }))
    return encoding.bytes
  }
}
