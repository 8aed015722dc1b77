import Glibc
import TestSupport

extension Sandbox {
  private var segments: String { "\(folder.path)/cache/segments" }

  /// The packs of the cache, in which the blobs lie.
  private var packs: [String] {
    Folder.names(segments).filter { $0.hasSuffix(".pack") }.map { "\(segments)/\($0)" }
  }

  /// Flips a bit of the first blob that contains `text`, in the cache, in place: the file keeps its
  /// size and its times.
  func damage(blobWith text: String) throws {
    let wanted = Array(text.utf8)
    for pack in packs {
      let bytes = try Folder.bytes(pack)
      if let range = bytes.firstRange(of: wanted) {
        return try damage(pack, at: range.lowerBound + wanted.count / 2)
      }
    }
    throw Failure("no blob with '\(text)' in the cache")
  }

  /// Flips a bit at a place of the first pack, given as a share of its size.
  func damage(at share: Double) throws {
    guard let pack = packs.first else { throw Failure("the cache has no pack") }
    let size = try Folder.bytes(pack).count
    try damage(pack, at: Int(share * Double(size - 1)))
  }

  private func damage(_ pack: String, at place: Int) throws {
    var status = stat()
    stat(pack, &status)
    guard let file = fopen(pack, "r+") else { throw Failure("cannot open \(pack)") }
    fseek(file, place, SEEK_SET)
    let byte = fgetc(file)
    fseek(file, place, SEEK_SET)
    fputc(byte ^ 1, file)
    fclose(file)
    let times = [status.st_atim, status.st_mtim]
    utimensat(AT_FDCWD, pack, times, 0)
  }
}
