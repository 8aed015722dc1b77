import Canonical
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
    let bytes = try sandbox.folder.bytes("work/\(ExportTests.folder)/trajectory.safetensors")
    let tensors = try Tensors(bytes: bytes)
    #expect(try tensors.numbers("weights").shape == [3, 4, 4])
  }

  @Test func whatHasNotRunIsNamed() throws {
    let exit = try Example.sandbox().run("export", ExportTests.gd)
    #expect(exit.code == 1)
    #expect(exit.err.contains("not in the cache, such as \(ExportTests.gd)"), "\(exit)")
  }

  /// The snippets of docs/data.md, one after the other, in a folder that has what they load.
  @Test func pythonLoadsWhatTheDocumentationSays() throws {
    let python = try Python.with(["numpy", "safetensors"])
    let sandbox = try sandbox()
    _ = try sandbox.run("export", ExportTests.gd, "--to", "arrays")
    _ = try sandbox.run("export", ExportTests.gd, "--to", "arrays", "--format", "npy")
    let text = try Folder.text("\(Sandbox.package)/docs/data.md")
    let snippets = text.matches(of: /```python\n((?s:.*?))```/).map { String($0.1) }
    #expect(snippets.count >= 4)
    try sandbox.write("snippets.py", snippets.joined(separator: "\n"))
    let exit = try sandbox.system(python.path, "snippets.py")
    #expect(exit.code == 0, "\(exit)")
    #expect(exit.out.contains("(3, 4, 4)\n"), "\(exit)")
  }
}
