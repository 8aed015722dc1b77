import Canonical
import Manifests
import Pipeline
import Theory

extension StageKind {
  /// Gradient descent, recorded on its schedule.
  static let descent = StageKind(
    "gd", version: 2, models: ["attention"], scope: .run,
    reads: Descent.reads + ["train.initial", "train.factors"], readsSeed: true,
    inputs: [.own("data")], outputs: [TrajectoryFile.name],
    cost: Descent.cost
  ) { context in
    let trajectory = Descent(context.parameters)
      .run(Contexts(try context.dataset()), context.parameters, seed: context.seed)
    return [TrajectoryFile.bytes(trajectory)]
  }
}
