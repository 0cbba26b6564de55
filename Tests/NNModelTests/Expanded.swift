import NNCatalogue
import NNDiagnostics
import NNModel
import NNYAML

/// What came of putting values and layers into a text.
struct Expanded {
  let node: YAMLNode?
  let source: SourceText
  let diagnostics: [Diagnostic]

  init(_ text: String) {
    source = SourceText(name: "model.yaml", text: text)
    let (node, problems) = parseYAML(source)
    var reader = Reader(file: "model.yaml", catalogue: .standard)
    reader.diagnostics = problems
    self.node = node.flatMap { reader.expanded($0) }
    diagnostics = reader.diagnostics
  }

  var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }

  /// `code: message @ the text it points at`, of each finding.
  var findings: [String] {
    diagnostics.map { "\($0.code): \($0.message) @ \(text(at: $0.range))" }
  }

  func text(at range: SourceRange) -> String {
    let bytes = Array(source.text.utf8)[range.start.offset..<range.end.offset]
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The tree in one line of YAML.
  var written: String? { node.map { writeYAML($0) } }
}
