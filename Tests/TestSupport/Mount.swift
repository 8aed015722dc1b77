import Glibc

/// A file system of the test's own, which needs root: permission bits do not bind it.
package final class Mount {
  package let path: String

  /// - Parameter options: such as `size=1m`.
  /// - Returns: nil where nothing may be mounted.
  package init?(options: String) throws(Failure) {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/mechanics-mount-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure("no temporary folder in \(base)") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard mount("tmpfs", path, "tmpfs", 0, options) == 0 else { return nil }
  }

  /// Changes it: `size=2m`, or what may be done with it.
  package func remount(options: String? = nil, readOnly: Bool = false) -> Bool {
    mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | (readOnly ? MS_RDONLY : 0)), options) == 0
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }

  package static let isAllowed = (try? Mount(options: "size=64k")).flatMap(\.self) != nil
}
