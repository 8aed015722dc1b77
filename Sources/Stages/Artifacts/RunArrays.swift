import Canonical

/// What an analysis found in one run that has indices: attention over tokens, say, at each recorded
/// iteration.
///
/// An analysis whose model declares such metrics puts this document out beside its ``RunSeries``.
/// Each array stands under its metric's name, and the numbers of an index's places under that of the
/// index; the header holds the names of each array's indices and, where places have names, these. A
/// missing number is nil here and NaN in the file.
package struct RunArrays: Hashable, Sendable {
  package static let fileName = "arrays.safetensors"
  private static let iterationName = "iteration"

  package struct Entry: Hashable, Sendable {
    /// The names of the indices, the slowest first.
    package let axes: [String]
    package let shape: [Int]
    /// Row-major.
    package let values: [Double?]
  }

  /// The numbers, increasing, by which the places of an index are told where these are not 0, 1, …:
  /// of `iteration` the recorded iterations.
  package private(set) var numbers: [String: [Int]] = [:]
  package private(set) var arrays: [String: Entry] = [:]
  /// The names of an index's places, where numbers from 0 do not say enough.
  package var labels: [String: [String]] = [:]

  package init(iterations: [Int]) { numbers[RunArrays.iterationName] = iterations }

  /// Numbers the places of an index.
  /// - Parameter numbers: increasing; one for each place.
  package mutating func number(_ axis: String, _ numbers: [Int]) { self.numbers[axis] = numbers }

  /// Adds the values of a metric, row-major.
  package mutating func set(_ name: String, _ values: [Double?], axes: [String], shape: [Int]) {
    precondition(axes.count == shape.count && shape.reduce(1, *) == values.count)
    precondition(
      zip(axes, shape).allSatisfy { axis, size in
        numbers[axis].map { $0.count == size } ?? (axis != RunArrays.iterationName)
      })
    arrays[name] = Entry(axes: axes, shape: shape, values: values)
  }

  package var bytes: [UInt8] {
    var tensors = Tensors()
    for (axis, numbers) in numbers { tensors.set(axis, numbers) }
    for (name, array) in arrays {
      tensors.set(name, array.values.map { $0 ?? .nan }, shape: array.shape)
    }
    let axes = arrays.mapValues { Value.list($0.axes.map(Value.string)) }
    tensors.metadata["axes"] = Value.map(axes).json()
    tensors.metadata["labels"] =
      Value.map(labels.mapValues { .list($0.map(Value.string)) }).json()
    return tensors.bytes
  }

  package init(bytes: [UInt8]) throws(FormatError) {
    let tensors = try Tensors(bytes: bytes)
    func entry(_ key: String) -> [String: Value] {
      tensors.metadata[key].flatMap { Value(json: Array($0.utf8)) }?.map ?? [:]
    }
    let axes = entry("axes")
    for name in tensors.names {
      guard axes[name] != nil else {
        numbers[name] = try tensors.integers(name).values
        continue
      }
      let (values, shape) = try tensors.numbers(name)
      let names = axes[name]?.list?.compactMap(\.string) ?? []
      guard names.count == shape.count else { throw FormatError("'\(name)' has unnamed indices") }
      arrays[name] = Entry(
        axes: names, shape: shape, values: values.map { $0.isFinite ? $0 : nil })
    }
    labels = entry("labels").mapValues { $0.list?.compactMap(\.string) ?? [] }
  }
}

extension RunArrays {
  /// The arrays of all documents of one run.
  /// - Throws: ``FormatError`` where they number the same places differently.
  init(_ documents: [[UInt8]]) throws(FormatError) {
    for bytes in documents {
      let other = try RunArrays(bytes: bytes)
      guard numbers.allSatisfy({ other.numbers[$0] ?? $1 == $1 }) else {
        throw FormatError("two sets of arrays of one run that do not fit together")
      }
      numbers.merge(other.numbers) { $1 }
      labels.merge(other.labels) { $1 }
      arrays.merge(other.arrays) { $1 }
    }
  }

  /// How many places an index has; 0 where no array has it.
  package func count(of axis: String) -> Int {
    arrays.values.lazy.compactMap { array in
      array.axes.firstIndex(of: axis).map { array.shape[$0] }
    }.max() ?? 0
  }

  /// A metric's value at one place of each of its indices; nil where it is missing or past the end.
  func value(_ name: String, at places: [String: Int]) -> Double? {
    guard let array = arrays[name] else { return nil }
    var offset = 0
    for (axis, size) in zip(array.axes, array.shape) {
      guard let place = places[axis], 0..<size ~= place else { return nil }
      offset = offset * size + place
    }
    return array.values[offset]
  }

  /// The place that a figure means: the last one whose number is not above the wanted one.
  func place(_ wanted: Int?, of axis: String) -> Int {
    guard let wanted else { return count(of: axis) - 1 }
    guard let numbers = numbers[axis] else { return wanted }
    return (numbers.firstIndex { $0 > wanted } ?? numbers.count) - 1
  }

  /// What an axis says at a place.
  func label(_ place: Int, of axis: String) -> String {
    if let numbers = numbers[axis] { return String(numbers[place]) }
    guard let names = labels[axis], place < names.count else { return String(place) }
    return names[place]
  }

  /// Where a place lies on an axis of numbers.
  func position(_ place: Int, of axis: String) -> Double {
    Double(numbers[axis]?[place] ?? place)
  }
}
