import Canonical
import Theory

/// A dataset as arrays: `embeddings` [K, d], `tokens` [sum of lengths], `lengths` [n], `labels` [n].
enum DatasetFile {
  static let name = "dataset.safetensors"

  static func bytes(_ dataset: Dataset) -> [UInt8] {
    var tensors = Tensors()
    let embeddings = dataset.embeddings
    tensors.set(
      "embeddings", embeddings.elements, shape: [embeddings.rows, embeddings.columns])
    tensors.set("tokens", dataset.sequences.flatMap(\.self))
    tensors.set("lengths", dataset.sequences.map(\.count))
    tensors.set("labels", dataset.labels)
    return tensors.bytes
  }

  static func dataset(_ bytes: [UInt8]) throws -> Dataset {
    let tensors = try Tensors(bytes: bytes)
    let tokens = try tensors.integers("tokens").values
    var start = 0
    let sequences = try tensors.integers("lengths").values.map { length in
      defer { start += length }
      return Array(tokens[start..<start + length])
    }
    return Dataset(
      embeddings: try Matrix(tensors, "embeddings"), sequences: sequences,
      labels: try tensors.integers("labels").values)
  }
}

extension Matrix {
  /// The matrix stored as `name`.
  init(_ tensors: Tensors, _ name: String) throws(FormatError) {
    let (values, shape) = try tensors.numbers(name)
    guard shape.count == 2 else { throw FormatError("'\(name)' is no matrix") }
    self.init(rows: shape[0], columns: shape[1], elements: values)
  }
}

extension Tensors {
  mutating func set(_ name: String, _ matrix: Matrix) {
    set(name, matrix.elements, shape: [matrix.rows, matrix.columns])
  }
}
