import Canonical
import Remotes
import Storage

extension Plan {
  /// Whether a record is as good as having run its stage: its outputs are here, or a shared cache
  /// has them and nothing but other stages reads them, which ask for them when they run.
  func isDone(_ stage: Int, _ record: Record, _ store: Store) -> Bool {
    record.outputs.allSatisfy(store.contains)
      || record.isBorrowed && kind(of: stage).scope == .run
  }

  /// What a shared cache is asked for.
  func wanted(_ stage: Int, key: Digest) -> SharedCaches.Wanted {
    let parameters = parameters(of: stage)
    return SharedCaches.Wanted(
      key: key, details: parameters.bytes, detailsDigest: parameters.digest,
      outputs: kind(of: stage).outputs.count, needsOutputs: kind(of: stage).scope != .run)
  }

  /// The key under which the bundle of an experiment lies: a digest of all that its stages read,
  /// but for contents, which are not known before they have run.
  ///
  /// Which stage takes which follows from the kinds and the order of the stages.
  func bundleKey(of experiment: Experiment) -> Digest {
    var encoding = Encoding()
    encoding.append("mechanics.bundle.1")
    encoding.append(catalog.numerics)
    for (kind, stages) in zip(catalog.kinds, experiment.stages) where !stages.isEmpty {
      encoding.append(kind.name)
      encoding.append(kind.version)
      encoding.openList(stages.count)
      for stage in stages {
        encoding.append(parameters(of: Int(stage)).digest)
        if let seed = self.stages[Int(stage)].seed {
          encoding.append(seed)
        } else {
          encoding.appendNull()
        }
      }
    }
    return Digest(of: encoding.bytes)
  }

  /// All records of an experiment, and the outputs that its results are read from; nil where it is not
  /// complete.
  func bundle(
    of experiment: Experiment, _ outcome: Outcome, _ store: Store
  ) throws(StoreError) -> Bundle? {
    var bundle = Bundle()
    var seen: Set<Int32> = []
    var packed: Set<Digest> = []
    for (kind, stages) in zip(catalog.kinds, experiment.stages) {
      for stage in stages where seen.insert(stage).inserted {
        guard outcome.states[Int(stage)] == .finished, let key = outcome.keys[Int(stage)],
          let record = store.record(for: key)
        else { return nil }
        bundle.records.append(record)
        guard kind.scope != .run else { continue }
        for blob in record.outputs
        where blob.size <= Bundle.blobLimit && packed.insert(blob.digest).inserted {
          bundle.contents.append(try store.read(blob))
        }
      }
    }
    return bundle
  }
}
