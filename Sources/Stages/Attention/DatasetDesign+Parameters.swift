import Canonical
import Manifests
import Pipeline
import Theory

extension DatasetDesign {
  /// The parameters that describe a dataset.
  static let reads = [
    "data.vocabulary", "data.dimension", "data.length", "data.sequences", "data.embedding",
    "data.structure", "data.same-last-token", "data.same-tokens", "data.attempts",
  ]

  /// - Throws: ``FormatError`` where a file that a parameter names is not what it should be.
  init(_ context: StageContext) throws {
    let parameters = context.parameters
    self.init(
      sequences: parameters["data.sequences"].integer!,
      length: parameters["data.length"].integer!,
      vocabulary: parameters["data.vocabulary"].integer!,
      dimension: parameters["data.dimension"].integer!,
      embedding: try Embedding(parameters["data.embedding"], context),
      structure: try Structure(parameters["data.structure"], context),
      sameLastToken: parameters["data.same-last-token"].bool!,
      sameTokenSet: parameters["data.same-tokens"].bool!,
      maximumAttempts: parameters["data.attempts"].integer!)
  }
}

extension Embedding {
  fileprivate init(_ value: Value, _ context: StageContext) throws {
    if let rho = value["equicorrelated"]?.double {
      self = .equicorrelated(rho: rho)
    } else if let digest = value["given"]?.string {
      self = .given(try NumPyArray(bytes: context.file(digest)).matrix())
    } else {
      switch value {
      case "orthonormal": self = .orthonormal
      case "unit-random": self = .unitRandom
      default: preconditionFailure("no embedding is called \(value.label)")
      }
    }
  }
}

extension Structure {
  fileprivate init(_ value: Value, _ context: StageContext) throws {
    if let blocks = value["blocks"] {
      self = .blocks(
        sizes: blocks["sizes"]!.list!.map { $0.integer! },
        weights: blocks["weights"]?.list?.map { $0.double! })
    } else if let digest = value["given"]?.string {
      self = .given(try DatasetDocument(context.file(digest), of: "the given dataset").dataset())
    } else {
      switch value {
      case "acyclic": self = .acyclic
      case "cyclic": self = .cyclic
      case "strict-order": self = .strictOrder
      case "any": self = .any
      default: preconditionFailure("no structure is called \(value.label)")
      }
    }
  }
}
