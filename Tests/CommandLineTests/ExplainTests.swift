import NNJSON
import Testing

@Suite struct ExplainTests {
  let program: Program
  let folder: Workspace

  init() throws {
    program = try Program()
    folder = try Workspace()
  }

  @Test func `the manual of a layer is a result`() throws {
    let result = try program.run("explain", "lstm", in: folder)
    #expect(result.code == 0)
    #expect(result.errors == "")
    #expect(result.output.hasPrefix("lstm: layer, in the list under model\n"))
    #expect(result.output.contains("\n  units: a whole number, at least 1; must be given"))
    #expect(!result.output.contains("\u{1B}"))
  }

  @Test func `a code says its rule and the way out`() throws {
    let result = try program.run("explain", "unknown-field", in: folder)
    #expect(result.code == 0)
    #expect(result.output.contains("Instead of\n\n  - dense: {unitz: 8}\n\nwrite\n"))
  }

  @Test func `the manual as JSON has every field`() throws {
    let document = try program.run("explain", "mae", "--json", in: folder).json
    let entries = try #require(document["entries"]?.elements)
    #expect(entries.compactMap { $0["category"]?.stringValue } == ["loss", "metric"])
    let dropout = try program.run("explain", "dropout", "--json", in: folder).json
    let field = try #require(dropout["entries"]?.elements?.first?["fields"]?.elements?.first)
    #expect(field["name"]?.stringValue == "rate")
    #expect(field["required"]?.boolValue == true)
    #expect(field["principal"]?.boolValue == true)
  }

  @Test func `an unknown word ends with 1 and says what may be meant`() throws {
    let result = try program.run("explain", "lstn", in: folder)
    #expect(result.code == 1)
    #expect(result.output == "")
    #expect(result.errors.contains("the manual has no word 'lstn'; did you mean 'lstm'?"))
  }

  @Test func `without a word the usage is wrong`() throws {
    let result = try program.run("explain", in: folder)
    #expect(result.code == 2)
    #expect(result.output == "")
  }
}
