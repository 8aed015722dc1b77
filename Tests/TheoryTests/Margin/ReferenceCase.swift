import Foundation
import Testing

@testable import Theory

/// A dataset with its Graph-SVM as an independent program (cvxpy with Clarabel) solved it.
struct ReferenceCase: Decodable, CustomTestStringConvertible {
  struct Reference: Decodable {
    let status: String
    let objective: Double?
    let weights: [[Double]]?
    let equalEdges: Int
    let strictEdges: Int
    let equalReduced: Int
    let strictReduced: Int

    private enum CodingKeys: String, CodingKey {
      case status, objective
      case weights = "W"
      case equalEdges = "eq_edges"
      case strictEdges = "ineq_edges"
      case equalReduced = "eq_tree"
      case strictReduced = "ineq_reduced"
    }
  }

  let name: String
  let embeddings: [[Double]]
  let sequences: [[Int]]
  let labels: [Int]
  let reference: Reference

  var testDescription: String { name }

  var dataset: Dataset {
    Dataset(embeddings: Matrix(embeddings), sequences: sequences, labels: labels)
  }

  /// The cases beside this file, by name.
  static let all: [ReferenceCase] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Cases")
    let names = try! FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return names.map { name in
      let data = try! Data(contentsOf: folder.appendingPathComponent(name))
      return try! JSONDecoder().decode(ReferenceCase.self, from: data)
    }
  }()
}

extension Matrix {
  init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows[0].count, elements: rows.flatMap { $0 })
  }
}
