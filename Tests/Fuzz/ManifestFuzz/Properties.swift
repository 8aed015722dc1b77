import Canonical
import ManifestToys
import Manifests

/// What must hold of the reader for every input.
enum Properties {
  /// How the outcome of an accepted manifest starts.
  static let accepted = "accepted "

  /// What came out, without details: inputs that come out in a new way are worth changing further.
  static func outcome(of bytes: [UInt8]) -> String {
    do throws(Diagnostics) {
      let manifest = try Toy.read(bytes)
      checkAccepted(manifest, bytes)
      let raw = (try? Manifest.raw(bytes, file: "toy.yaml"))?.json() ?? ""
      return accepted + raw.filter { !$0.isNumber }
    } catch {
      checkRefused(error, bytes)
      return Set(error.all.map { shape(of: $0.message) }).sorted().joined(separator: "|")
    }
  }

  /// Stops with `message`, which `precondition` does not print in a release build.
  private static func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
  }

  /// A message without what is quoted in it and without numbers.
  private static func shape(of message: String) -> String {
    var isQuoted = false
    return String(
      message.filter { character in
        if character == "'" { isQuoted.toggle() }
        return !isQuoted && !character.isNumber
      })
  }

  /// Every error is within the file, and they are in order.
  private static func checkRefused(_ error: Diagnostics, _ bytes: [UInt8]) {
    require(!error.all.isEmpty, "refused without a reason")
    var lines = 1
    for (index, byte) in bytes.enumerated() {
      let isPair = byte == 13 && index + 1 < bytes.count && bytes[index + 1] == 10
      if byte == 10 || byte == 13 && !isPair { lines += 1 }
    }
    for diagnostic in error.all {
      let place = diagnostic.place
      require(place.file == "toy.yaml" && place.line <= lines, "\(diagnostic)")
      require(place.line == 0 || place.column >= 1, "\(diagnostic)")
      require(place.column <= bytes.count + 1, "\(diagnostic)")
      require(!diagnostic.message.contains("\n"), "\(diagnostic)")
    }
    require(
      zip(error.all, error.all.dropFirst()).allSatisfy { $0.place <= $1.place },
      "out of order")
  }

  /// A manifest written out in full is the same manifest.
  private static func checkAccepted(_ manifest: Manifest, _ bytes: [UInt8]) {
    require(!manifest.cells.isEmpty, "accepted without cells")
    require((try? Manifest.raw(bytes, file: "toy.yaml")) != nil, "accepted but not raw")
    for path in manifest.parameters.paths {
      require(manifest.parameters[path] != .null, "\(path) is null")
    }
    guard manifest.axes.isEmpty, var document = manifest.value.map else { return }
    document["cells"] = nil
    document["defaults"] = nil
    do throws(Diagnostics) {
      let again = try Toy.read(Value.map(document).json())
      require(again.parameters == manifest.parameters, "parameters differ")
      require(again.seeds == manifest.seeds, "seeds differ")
      require(again.figures == manifest.figures, "figures differ")
      require(again.claims == manifest.claims, "claims differ")
      require(again.title == manifest.title, "titles differ")
    } catch {
      fatalError("written out in full it is refused: \(error)")
    }
  }
}
