/// What a stage may use of the machine. One that is limited runs in a process of its own, which is
/// ended where it goes beyond.
package struct Limits: Hashable, Sendable {
  /// How long it may take, in seconds.
  package var seconds: Int?
  /// How much memory it may ask for, in 10⁶ bytes.
  package var megabytes: Int?

  package init() {}

  /// What it is called in settings, by name.
  package static let names = ["megabytes", "seconds"]

  package subscript(name: String) -> Int? {
    get { name == "seconds" ? seconds : megabytes }
    set { if name == "seconds" { seconds = newValue } else { megabytes = newValue } }
  }
}
