import Canonical
import Glibc
import Synchronization

/// Who works on what: locks on single bytes of one file, one byte a key.
///
/// Two keys that share a byte would only wait for one another; with 63 bits none ever do.
final class Claims: Sendable {
  private let file: File
  /// What this store has claimed itself: the file's locks keep only others away.
  private let held = Mutex<Set<Int>>([])

  init(_ path: String) throws(StoreError) { file = try File(path, O_RDWR | O_CREAT) }

  func claim(_ key: Digest) throws(StoreError) -> Claim? {
    let place = Int(key.words.0 >> 1)
    guard held.withLock({ $0.insert(place).inserted }) else { return nil }
    do throws(StoreError) {
      if try file.tryLock(.exclusive, at: place, count: 1) { return Claim(self, place) }
    } catch {
      forget(place)
      throw error
    }
    forget(place)
    return nil
  }

  /// Lets others have the place, and only then this store itself: a claim of its own in between
  /// would lose the lock.
  fileprivate func end(_ place: Int) {
    _ = try? file.tryLock(.none, at: place, count: 1)
    forget(place)
  }

  private func forget(_ place: Int) { _ = held.withLock { $0.remove(place) } }
}

/// The right to do one piece of work; it ends when it is let go.
package final class Claim: Sendable {
  private let claims: Claims
  private let place: Int

  fileprivate init(_ claims: Claims, _ place: Int) { (self.claims, self.place) = (claims, place) }

  deinit { claims.end(place) }
}
