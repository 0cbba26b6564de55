import NNCatalogue
import NNData
import NNDiagnostics
import NNManual
import NNModel
import NNYAML
import Testing

@Suite struct ManualTests {
  private static let entries = Manual.standard.chapters.flatMap(\.entries)

  @Test(arguments: CataloguedKind.all)
  private func `a kind's example is read without findings`(_ kind: CataloguedKind) throws {
    let result = try kind.read(kind.type.example)
    #expect(result.diagnostics.map(\.message) == [])
    #expect(result.kind != nil)
  }

  @Test(arguments: entries.map { ($0.category.noun, $0.word, $0.example) })
  private func `an example stands in a file as the manual shows it`(
    _ noun: String, _ word: String, _ example: String
  ) throws {
    #expect(try findings(example).filter { $0.code != "not-built" }.map(\.message) == [])
  }

  /// What is wrong with a file in which an example takes the place of what is there.
  private func findings(_ example: String) throws -> [Diagnostic] {
    var sections = [
      ("nnc", "1"), ("data", "{}"), ("model", "[{dense: 1}]"), ("loss", "mse"),
      ("optimizer", "{sgd: 0.1}"), ("train", "{epochs: 1}"),
    ]
    var data = [
      ("source", "flowers.csv"), ("inputs", "{characters: characters}"),
      ("targets", "{next: next}"),
    ]
    let key = String(example.prefix { $0 != ":" })
    func replaced(_ entries: [(String, String)], _ text: String) -> String {
      (entries.filter { $0.0 != key }.map { "\($0.0): \($0.1)" } + [text]).joined(separator: "\n")
    }
    let isData = ["source", "split", "inputs", "targets", "size", "photo", "data"].contains(key)
    let isInput = key == "size" || key == "photo"
    var text: String
    if isData {
      if isInput { data.removeAll { $0.0 == "inputs" } }
      text = isInput ? "inputs: {\(example)}" : example
      text = key == "data" ? text : "data:\n" + indented(replaced(data, text))
    } else if example.hasPrefix("- ") {
      sections.removeAll { $0.0 == "model" }
      text = replaced(sections, "model:\n" + indented(example))
    } else {
      text = replaced(sections, example)
    }
    let parsed = parseYAML(bytes: Array(text.utf8), name: "test.yaml")
    var reader = Reader(file: "test.yaml", catalogue: .standard)
    reader.diagnostics = parsed.diagnostics
    let root = try #require(parsed.node, "\(text)")
    if isData {
      _ = DataSpec.read(try #require(root.mapping?["data"]), &reader)
    } else {
      _ = reader.readModel(root)
    }
    return reader.diagnostics
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
  }

  @Test func `every kind of the catalogues and every structure has its manual`() {
    for kind in CataloguedKind.all {
      let nouns = Manual.standard.entries(kind.word).map(\.category.noun)
      #expect(nouns.contains(kind.noun == "scale" ? "scaling" : kind.noun), "\(kind.word)")
    }
    for word in structureWords {
      #expect(Manual.standard.entries(word).map(\.category.noun).contains("structure"), "\(word)")
    }
    for word in topLevelKeys { #expect(!Manual.standard.entries(word).isEmpty, "\(word)") }
  }

  @Test func `a word in several places is told of each`() {
    #expect(Manual.standard.entries("mae").map(\.category.noun) == ["loss", "metric"])
    #expect(Manual.standard.entries("constant").count == 2)
  }

  @Test(arguments: entries.map(\.word))
  private func `the manual of a word fits eighty columns and leaves nothing out`(
    _ word: String
  ) throws {
    for entry in Manual.standard.entries(word) {
      let text = ManualRenderer(isBold: false).text(entry)
      let examples = Set(entry.example.split(separator: "\n").map { "  \($0)" })
      for line in text.split(separator: "\n") where !examples.contains(String(line)) {
        #expect(line.count <= 80, "\(line)")
      }
      let flat = text.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
      func holds(_ part: String) -> Bool {
        flat.contains(part.split { $0 == "\n" || $0 == " " }.joined(separator: " "))
      }
      #expect(holds(entry.summary))
      for field in entry.fields {
        #expect(holds("\(field.name): \(field.expectation)"))
        #expect(holds(field.help))
        if let text = field.defaultText { #expect(holds("default \(text)")) }
      }
    }
  }

  @Test func `words are bold only where asked, and take the room they take without`() {
    let entry = Manual.standard.entries("lstm")[0]
    let bold = ManualRenderer(isBold: true, width: 60).text(entry)
    let plain = ManualRenderer(isBold: false, width: 60).text(entry)
    #expect(!plain.contains("\u{1B}"))
    #expect(bold.contains("\u{1B}[1munits\u{1B}[0m"))
    #expect(
      bold.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "") == plain)
  }

  @Test(arguments: [("dens", "dense"), ("lstn", "lstm"), ("unknwn-field", "unknown-field")])
  private func `an unknown word suggests the nearest`(_ word: String, _ meant: String) {
    #expect(Manual.standard.entries(word).isEmpty)
    #expect(Manual.standard.nearestWord(to: word) == meant)
  }

  @Test func `every word is on a page of the reference`() {
    let pages = Manual.standard.pages
    #expect(Set(pages.map(\.name)).count == pages.count)
    let text = pages.map(\.content).joined()
    for entry in Self.entries {
      let heading = text.contains("# \(entry.word)\n\n\(entry.summary)")
      #expect(heading || text.contains("| `\(entry.word)` | "), "\(entry.word)")
    }
    for code in FindingCode.all { #expect(text.contains("### \(code.code)\n")) }
    for page in pages.dropFirst() { #expect(pages[0].content.contains("](\(page.name))")) }
  }
}
