import Canonical
import Remotes
import Storage
import StorageToys

extension Work {
  /// What the shared caches are asked for.
  func wanted(_ needsOutputs: Bool = false) -> SharedCaches.Wanted {
    SharedCaches.Wanted(
      key: key, details: details, detailsDigest: Digest(of: details), outputs: outputs.count,
      needsOutputs: needsOutputs)
  }
}
