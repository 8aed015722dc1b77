import Pipeline
import Theory

/// What the stages before an analysis found.
extension StageContext {
  func dataset() throws -> Dataset {
    try DatasetFile.dataset(input("data", DatasetFile.name))
  }

  func graphs() throws -> [TokenPriorityGraph] {
    try GraphsFile.graphs(input("tpg", GraphsFile.name))
  }

  func marginFile() throws -> MarginFile {
    try MarginFile(bytes: input("svm", MarginFile.name))
  }

  /// `W_svm`, d × d; nil where the Graph-SVM is infeasible or was not solved.
  func margin() throws -> Matrix? { try marginFile().optimum }

  /// `W_fin`, d × d; nil where it was not found.
  func finitePart() throws -> Matrix? {
    try FinitePartFile.weights(input("fin", FinitePartFile.name))
  }

  func trajectory() throws -> Trajectory {
    try TrajectoryFile.trajectory(input("gd", TrajectoryFile.name))
  }
}

extension Automaton {
  /// The automaton of a run's data.
  init(_ context: StageContext, embeddings: Matrix) throws {
    self.init(
      embeddings: embeddings, graphs: try context.graphs(), margin: try context.margin(),
      finitePart: try context.finitePart())
  }
}
