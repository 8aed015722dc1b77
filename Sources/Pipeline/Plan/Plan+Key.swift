import Canonical

extension Plan {
  /// What a stage takes as one input: the outputs of one stage, or of all runs' stages of a kind.
  struct Taken {
    let kind: String
    let stages: ArraySlice<Int32>
    let isList: Bool
  }

  /// The inputs of a stage, in the order in which its key names them.
  func taken(by stage: Int) -> [Taken] {
    let kind = kind(of: stage)
    var rest = inputs(of: stage)
    var taken: [Taken] = []
    while let first = rest.first.map({ Int($0) }) {
      let source = self.kind(of: first)
      let isList = kind.scope != .run && source.scope == .run
      let group =
        isList ? rest.prefix { stages[Int($0)].kind == stages[first].kind } : rest.prefix(1)
      taken.append(Taken(kind: source.name, stages: group, isList: isList))
      rest = rest.dropFirst(group.count)
    }
    return taken
  }

  /// The key of a stage whose inputs' contents are known.
  func key(of stage: Int, _ contents: [Digest?]) -> StageKey {
    let kind = kind(of: stage)
    let inputs = taken(by: stage).map { taken in
      StageKey.Input(
        kind: taken.kind,
        content: taken.isList
          ? Digest(of: StageKey.list(taken.stages.map { contents[Int($0)]! }))
          : contents[Int(taken.stages.first!)]!)
    }
    return StageKey(
      kind: kind.name, version: kind.version, numerics: catalog.numerics,
      parameters: parameters(of: stage).digest, seed: stages[stage].seed, inputs: inputs)
  }

  /// The lists of contents that the key of a stage names only by their digests; they are kept, so that
  /// what has changed in them can be told.
  func lists(of stage: Int, _ contents: [Digest?]) -> [[UInt8]] {
    kind(of: stage).scope == .run
      ? []
      : taken(by: stage).filter(\.isList)
        .map { StageKey.list($0.stages.map { contents[Int($0)]! }) }
  }
}
