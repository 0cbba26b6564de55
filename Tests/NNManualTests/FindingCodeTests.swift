import NNDiagnostics
import NNManual
import NNYAML
import Testing

@Suite struct FindingCodeTests {
  @Test func `codes are told once, in whole sentences`() {
    #expect(Set(FindingCode.all.map(\.code)).count == FindingCode.all.count)
    for code in FindingCode.all {
      #expect(code.rule.hasSuffix(".") && code.wayOut.hasSuffix("."), "\(code.code)")
    }
    for group in FindingCode.groups {
      #expect(group.codes.map(\.code) == group.codes.map(\.code).sorted())
    }
  }

  @Test(arguments: FindingCode.all.map(\.code))
  private func `the right lines of a code are right as YAML`(_ name: String) throws {
    let code = try #require(FindingCode.all.first { $0.code == name })
    guard let example = code.example else { return }
    #expect(findings(example.right) == [])
    #expect(example.wrong != example.right)
    // The findings of the text itself can be shown without a file around them.
    if FindingCode.groups[0].codes.contains(code) {
      #expect(findings(example.wrong).contains(name), "\(findings(example.wrong))")
    } else {
      #expect(findings(example.wrong) == [])
    }
  }

  private func findings(_ text: String) -> [String] {
    parseYAML(bytes: Array(text.utf8), name: "test.yaml").diagnostics.map(\.code)
  }
}
