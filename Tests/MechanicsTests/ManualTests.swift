import Glibc
import TestSupport
import Testing

/// What `make install` makes of the program's description of itself.
struct ManualTests {
  @Test func everyCommandHasAPageThatGroffTakes() throws {
    let sandbox = try Sandbox()
    let exit = try sandbox.system(
      "python3", "\(Sandbox.package)/Tools/manual.py", Sandbox.binary, "man")
    #expect(exit.code == 0, "\(exit)")
    let pages = Folder.names("\(sandbox.project)/man")
    for page in ["mechanics.1", "mechanics-run.1", "mechanics-cache-verify.1"] {
      #expect(pages.contains(page))
    }
    let run = try sandbox.text("man/mechanics-run.1")
    #expect(run.hasPrefix(".TH \"MECHANICS-RUN\" 1 \"\" "))
    #expect(run.contains("\n.B \\-j, \\-\\-jobs <jobs>\n") && run.contains("\n.EX\n"))
    guard getenv("CI") != nil || access("/usr/bin/groff", X_OK) == 0 else { return }
    for page in pages {
      let shown = try sandbox.system(
        "groff", "-Kutf8", "-man", "-Tutf8", "-ww", "-z", "man/\(page)")
      #expect(shown.code == 0 && shown.err.isEmpty, "\(page): \(shown)")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func shellsHaveCompletions(shell: String) throws {
    let exit = try Sandbox().run("--generate-completion-script", shell)
    #expect(exit.code == 0 && exit.out.contains("reproduce") && exit.out.contains("recompute"))
  }
}
