import Canonical
import Theory

/// What an `svm` stage keeps as JSON: ``MarginDocument`` and `activeCondition`, the condition number
/// of the active rows' Gram matrix. Doubles are in their shortest decimals, which read back to the bit.
struct MarginFile {
  static let name = "solution.json"

  /// `optimal`, `infeasible` or `not-converged`.
  let status: String
  /// `W_svm`, d × d; of a solution that did not converge, the best iterate; nil: infeasible.
  let weights: Matrix?
  private let document: Value

  static func bytes(_ solution: GraphSVM.Solution, embeddings: Matrix) -> [UInt8] {
    var document = MarginDocument.value(solution)
    var condition: Double?
    if case .optimal(let certificate) = solution.status {
      condition = GraphSVM.activeCondition(
        embeddings: embeddings, multipliers: certificate.multipliers)
    }
    document["activeCondition"] = condition.map(Value.number) ?? .null
    return Value.map(document).jsonBytes()
  }

  init(bytes: [UInt8]) throws(FormatError) {
    guard let document = Value(json: bytes), let status = document["status"]?.string else {
      throw FormatError("\(MarginFile.name) has no status")
    }
    (self.document, self.status) = (document, status)
    weights = document["W"]?.list.map { rows in
      Matrix(
        rows: rows.count, columns: rows.first?.list?.count ?? 0,
        elements: rows.flatMap { $0.list!.map { $0.double! } })
    }
  }

  /// `W_svm`, d × d; nil where the Graph-SVM is infeasible or was not solved.
  var optimum: Matrix? { status == "optimal" ? weights : nil }

  /// The numbers of a run that the solver knows: one value each, nil where it does not exist.
  var metrics: [String: [Double?]] {
    let isOptimal = status == "optimal"
    let objective = isOptimal ? document["objective"]?.double : nil
    let constraints = document["constraints"]
    let certificate = document["certificate"]
    let residuals = [
      "primalResidual", "dualResidual", "complementarity", "gap", "farkasResidual",
    ].compactMap { certificate?[$0]?.double }
    return [
      "margin": [objective.flatMap { $0 > 0 ? 1 / $0 : nil }],
      "svm-pivots": [document["work"]?["pivots"]?.double],
      "svm-flops": [document["work"]?["flops"]?.double],
      "svm-edges": [constraints?["all"]?.double],
      "svm-reduced": [constraints?["reduced"]?.double],
      "svm-active": [isOptimal ? constraints?["active"]?.double : nil],
      "svm-residual": [residuals.max()],
      "active-condition": [document["activeCondition"]?.double],
    ]
  }
}
