import Canonical
import Manifests

extension ModelFamily {
  /// What single analyses read beside the data and the training.
  static let theoryFields: [Field] = [
    Field(
      "data.fresh-contexts", .integer(1...1_000_000), default: 100,
      "The contexts, not of the data, on which the automaton is looked at."),
    Field(
      "train.radius", .number(.positive), default: 10.0,
      "The radius R of the regularisation path, which descent does not see."),
  ]
}
