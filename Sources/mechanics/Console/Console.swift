import Canonical
import Glibc
import Storage

/// Standard output for data, standard error for all else.
enum Console {
  /// Writes a line to standard error.
  static func error(_ line: String) {
    write(line + "\n", to: STDERR_FILENO)
  }

  /// Writes text to standard output as it is.
  static func out(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Writes text as it is: one call a piece, so that lines of several threads do not mix.
  static func write(_ text: String, to descriptor: Int32) {
    Descriptor.write(Array(text.utf8), to: descriptor)
  }

  /// A number of things: "1 stage", "27 stages".
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// Whether standard error is a terminal that can rewrite its line.
  static var isTerminal: Bool {
    isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// Whether colours are wanted (https://no-color.org).
  static var hasColour: Bool { isTerminal && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true) }

  /// The width of the terminal, in characters.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// An environment variable that is set and not empty.
  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}

extension Console {
  /// A time for people: `0.04 s`, `12 s`, `2:05 min`.
  static func time(_ seconds: Double) -> String {
    if seconds >= 60 { return "\(clock(seconds)) min" }
    let digits: Double = seconds < 1 ? 100 : 10
    let rounded = (seconds * digits).rounded() / digits
    return (Decimal.text(seconds < 10 ? rounded : seconds.rounded()) ?? "0") + " s"
  }

  /// Minutes and seconds: `2:05`.
  static func clock(_ seconds: Double) -> String {
    let (minutes, rest) = Int(seconds).quotientAndRemainder(dividingBy: 60)
    return "\(minutes):\(rest < 10 ? "0" : "")\(rest)"
  }
}
