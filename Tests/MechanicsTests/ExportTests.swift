import Canonical
import Glibc
import TestSupport
import Testing

/// `export` writes what stages put out, and Python reads it as docs/data.md says.
struct ExportTests {
  private static let gd = "small/gd[train.step.size=0.1,seed=2]"
  private static let folder = "arrays/small/gd/train.step.size=0.1,seed=2"

  private func sandbox() throws -> Sandbox {
    let sandbox = try Example.sandbox()
    _ = try sandbox.run("run")
    return sandbox
  }

  @Test func aStagesOutputsAreItsBlobs() throws {
    let sandbox = try sandbox()
    let exit = try sandbox.run("export", ExportTests.gd, "--to", "arrays")
    #expect(exit.code == 0, "\(exit)")
    let bytes = try sandbox.folder.bytes("project/\(ExportTests.folder)/trajectory.safetensors")
    let tensors = try Tensors(bytes: bytes)
    #expect(try tensors.numbers("weights").shape == [3, 4, 4])
  }

  @Test func whatHasNotRunIsNamed() throws {
    let exit = try Example.sandbox().run("export", ExportTests.gd)
    #expect(exit.code == 1)
    #expect(exit.err.contains("not in the cache: 1 stage, such as \(ExportTests.gd)"), "\(exit)")
  }

  /// The blocks of docs/data.md in a language, one after the other.
  private func blocks(_ language: String) throws -> String {
    let text = try Folder.text("\(Sandbox.package)/docs/data.md")
    let blocks = text.matches(of: /```(\w+)\n((?s:.*?))```/).filter { $0.1 == language }
    #expect(blocks.count >= 2)
    return blocks.map { String($0.2) }.joined(separator: "\n")
  }

  @Test func pythonLoadsWhatTheDocumentationSays() throws {
    let python = try Python.with(["numpy", "safetensors", "pandas", "pyarrow"])
    let sandbox = try sandbox()
    Folder.makeFolder("\(sandbox.folder.path)/bin")
    symlink(Sandbox.binary, "\(sandbox.folder.path)/bin/mechanics")
    let path = "PATH=\(sandbox.folder.path)/bin:/usr/bin:/bin"
    let commands = try sandbox.system("env", path, "sh", "-euxc", try blocks("sh"))
    #expect(commands.code == 0, "\(commands)")
    try sandbox.write("snippets.py", try blocks("python"))
    let exit = try sandbox.system(python.path, "snippets.py")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.out.contains("(3, 4, 4)\n"), "\(exit)")
  }
}
