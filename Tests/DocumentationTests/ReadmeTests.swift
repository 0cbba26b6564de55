import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the pages show is what the program prints.
@Suite struct ReadmeTests {
  @Test func `the model file on the front page is the one in models`() throws {
    let shown = try #require(try blocks(of: "README.md", language: "yaml").first)
    let real = try text("models/iris.yaml").split(separator: "\n", omittingEmptySubsequences: false)
      // The page leaves the description out and explains two lines more.
      .filter { !$0.hasPrefix("description:") }
    #expect(withoutComments(shown) == withoutComments(real.joined(separator: "\n")))
  }

  @Test func `training prints the figures on the front page`() throws {
    let run = try NNC(["train", "models/iris.yaml", "--threads", "2", "--no-lock"])
    #expect(run.code == 0)
    let page = try text("README.md")
    let isa = try NNC(["inspect", run.runFolder + "/best.safetensors"]).output
    // Another instruction set rounds differently; the page shows AVX-512's bytes.
    guard isa.contains("avx512") else { return }
    for line in run.output.split(separator: "\n") where !line.hasPrefix("weights") {
      #expect(page.contains(line), "\(line)")
    }
  }

  @Test func `show prints the table on the front page`() throws {
    let table = try NNC(["show", "models/iris.yaml"]).output.split(separator: "\n")
    let page = try text("README.md")
    for line in table.dropFirst().prefix(8) { #expect(page.contains(line), "\(line)") }
  }

  @Test func `check prints the finding on the front page`() throws {
    let block = try #require(
      try blocks(of: "README.md", language: "").first { $0.contains("error[unknown-field]") })
    let folder = try TemporaryFolder()
    var lines = try text("models/iris.yaml").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    let dense = try #require(lines.firstIndex { $0.hasPrefix("  - dense: {units: 16") })
    lines.insert(contentsOf: Array(repeating: "", count: max(16 - dense, 0)), at: dense)
    lines[max(dense, 16)] = "  - dense: {unitz: 128}"
    try lines.joined(separator: "\n").replacing(
      "../datasets", with: repository.path + "/datasets"
    ).write(to: folder.url.appending(path: "model.yaml"), atomically: true, encoding: .utf8)
    let run = try NNC(["check", "model.yaml"], in: folder)
    #expect(run.code == 1)
    let finding = block.split(separator: "\n").dropFirst().joined(separator: "\n")
    #expect(run.errors.contains(finding), "\(run.errors)")
  }

  @Test func `the pages of the reference are what the declarations say`() throws {
    let folder = try TemporaryFolder()
    let run = try NNC(["reference", "--output", folder.url.path])
    #expect(run.code == 0)
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: repository.appending(path: "Documentation/reference").path
    ).sorted()
    #expect(made == kept, "run make docs")
    for name in made {
      let page = try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
      #expect(try text("Documentation/reference/\(name)") == page, "run make docs")
    }
  }

  @Test(arguments: ["check", "show", "train", "evaluate", "predict", "inspect"])
  func `every command on the front page has help with an example`(_ command: String) throws {
    #expect(try text("README.md").contains("`nnc \(command) "))
    let help = try NNC([command, "--help"])
    #expect(help.code == 0)
    #expect(help.output.contains("  nnc \(command) "))
  }
}

/// YAML without comments and the space before them.
private func withoutComments(_ text: String) -> [String] {
  text.split(separator: "\n").map { line in
    let code = line.split(separator: "#", omittingEmptySubsequences: false).first ?? ""
    return String(code.reversed().drop { $0 == " " }.reversed())
  }.filter { !$0.isEmpty }
}
