import Canonical
import Theory

/// What `mechanics svm` prints and a `svm` stage keeps of a Graph-SVM: status and certificate.
package enum MarginDocument {
  /// `{"status", "objective", "W", "certificate", "constraints", "work"}`.
  package static func value(_ solution: GraphSVM.Solution) -> [String: Value] {
    [
      "status": .string(solution.status.name),
      "objective": solution.objective.map(Value.number) ?? .null,
      "W": solution.weights.map { .rows(of: $0) } ?? .null,
      "certificate": certificate(solution.status),
      "constraints": [
        "all": .integer(solution.constraints.all),
        "reduced": .integer(solution.constraints.reduced),
        "active": .integer(solution.constraints.active),
      ],
      "work": [
        "pivots": .integer(solution.work.pivots), "flops": .integer(solution.work.flops),
      ],
    ]
  }

  private static func certificate(_ status: GraphSVM.Status) -> Value {
    switch status {
    case .optimal(let certificate), .notConverged(let certificate):
      [
        "primalResidual": .number(certificate.primalResidual),
        "dualResidual": .number(certificate.dualResidual),
        "complementarity": .number(certificate.complementarity),
        "gap": .number(certificate.gap),
        "multipliers": rows(certificate.multipliers),
      ]
    case .infeasible(let certificate):
      [
        "farkasResidual": .number(certificate.residual),
        "farkas": rows(certificate.multipliers),
      ]
    }
  }

  private static func rows(_ multipliers: [GraphSVM.Multiplier]) -> Value {
    .list(
      multipliers.map { row in
        [
          .integer(row.lastToken), .integer(row.preferred), .integer(row.other),
          .number(row.value),
        ]
      })
  }
}

extension GraphSVM.Status {
  /// `optimal`, `infeasible` or `not-converged`.
  package var name: String {
    switch self {
    case .optimal: "optimal"
    case .infeasible: "infeasible"
    case .notConverged: "not-converged"
    }
  }
}

extension Value {
  /// The rows of a matrix.
  static func rows(of matrix: Matrix) -> Value {
    .list((0..<matrix.rows).map { .list(matrix[row: $0].map(Value.number)) })
  }
}
