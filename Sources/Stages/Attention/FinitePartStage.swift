import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// The finite part `W_fin` of the limit, with what proves it.
  static let finitePart = StageKind(
    "fin", version: 2, models: ["attention"], scope: .run, reads: ["train.finite-part"],
    inputs: [.own("data"), .own("tpg")], outputs: [FinitePartFile.name]
  ) { context in
    let dataset = try context.dataset()
    let components = try context.graphs().components(vocabulary: dataset.vocabulary)
    let contexts = Contexts(dataset)
    if let iterations = context.parameters["train.finite-part"]["descent"]?.integer {
      let descent = Descent(
        stepSize: 0.01, isNormalised: true, iterations: iterations, schedule: .log(1))
      let final = FinitePart.descent(contexts, components: components, by: descent).final
      return [FinitePartFile.bytes(final, nil)]
    }
    let subspace = CyclicSubspace(embeddings: dataset.embeddings, components: components)
    let part = FinitePart(contexts, components: components, in: subspace)
    return [FinitePartFile.bytes(part.weights, part.certificate)]
  }
}

/// `W_fin` as an array `weights` [d, d]; its certificate is in the header's metadata.
enum FinitePartFile {
  static let name = "finite-part.safetensors"

  static func bytes(_ weights: Matrix, _ certificate: FinitePart.Certificate?) -> [UInt8] {
    var tensors = Tensors()
    tensors.set("weights", weights)
    if let certificate {
      tensors.metadata = [
        "status": certificate.status.rawValue,
        "gradient-norm": Decimal.text(certificate.gradientNorm) ?? "",
        "newton-steps": String(certificate.iterations),
        "positive-definite": String(certificate.isPositiveDefinite),
        "smallest-pivot": Decimal.text(certificate.smallestPivot) ?? "",
      ]
    }
    return tensors.bytes
  }

  /// `W_fin`; nil where Newton's method did not end at the minimiser.
  static func weights(_ bytes: [UInt8]) throws -> Matrix? {
    let tensors = try Tensors(bytes: bytes)
    let status = tensors.metadata["status"] ?? FinitePart.Status.converged.rawValue
    return status == FinitePart.Status.converged.rawValue ? try Matrix(tensors, "weights") : nil
  }
}
