import Glibc

/// The time of day; for records and reports, never for a result.
package enum SystemClock {
  /// Seconds since 1970.
  package static var now: Int { time(nil) }
}
