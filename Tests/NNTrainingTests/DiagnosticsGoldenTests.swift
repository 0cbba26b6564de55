import NNDiagnostics
import NNJSON
import NNManual
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Every broken file in Tests/Golden/diagnostics with what `nnc check` prints about it on no
/// terminal. `make bless` records the texts again; read the difference aloud before you commit it.
@Suite struct DiagnosticsGoldenTests {
  @Test(arguments: try caseNames())
  func `a broken file is reported as recorded`(_ name: String) throws {
    let checked = try check("\(name).yaml")
    #expect(checked.hasErrors)
    #expect(checked.value == nil)
    let text = printed(checked)
    let golden = goldenFolder.appending(path: "\(name).txt")
    if isBlessing {
      try Data(text.utf8).write(to: golden)
      return
    }
    let recorded = try #require(
      try? String(contentsOf: golden, encoding: .utf8), "\(name).txt is missing; run make bless")
    #expect(text == recorded)
  }

  @Test(arguments: try caseNames())
  func `every finding has its place also as JSON`(_ name: String) throws {
    let checked = try check("\(name).yaml")
    let document = try JSONValue.parse(
      diagnosticsDocument(checked.diagnostics).serialized(pretty: true))
    let findings = try #require(document["diagnostics"]?.elements)
    #expect(findings.count == checked.diagnostics.count)
    for (finding, diagnostic) in zip(findings, checked.diagnostics) {
      #expect(finding["severity"]?.stringValue == diagnostic.severity.rawValue)
      #expect(finding["code"]?.stringValue == diagnostic.code)
      #expect(finding["message"]?.stringValue == diagnostic.message)
      #expect(finding["file"]?.stringValue == diagnostic.file)
      let keys = ["line", "column", "endLine", "endColumn"]
      let places = try keys.map { try #require(finding[$0]?.integerValue) }
      #expect(places.allSatisfy { $0 >= 1 })
      #expect((places[0], places[1]) <= (places[2], places[3]))
    }
  }

  @Test(arguments: try validNames())
  func `a file that only looks wrong is accepted`(_ name: String) throws {
    let folder = goldenFolder.appending(path: "valid")
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "\(name).yaml")))
    let checked = ModelFile.check(
      bytes, name: "\(name).yaml", directory: folder.path, depth: .everything)
    #expect(checked.diagnostics.map(\.message) == [])
    #expect(checked.value != nil)
  }

  @Test func `no finding is told twice, and none spans nothing that is there`() throws {
    for name in try caseNames() {
      let checked = try check("\(name).yaml")
      let places = checked.diagnostics.filter { $0.code != "more-problems" }
        .map { "\($0.file):\($0.range.start.offset)-\($0.range.end.offset)" }
      let missing = checked.diagnostics.filter { $0.code == "missing-field" }.count
      #expect(Set(places).count + max(missing - 1, 0) >= places.count, "\(name)")
    }
  }

  @Test func `each code that a file can cause has a golden file`() throws {
    var seen: Set<String> = []
    for name in try caseNames() {
      for diagnostic in try check("\(name).yaml").diagnostics { seen.insert(diagnostic.code) }
    }
    #expect(seen.subtracting(codes).sorted() == [], "add these to the list below")
    #expect(codes.subtracting(seen).sorted() == [], "no golden file causes these any more")
    #expect(seen.count >= 70)
  }

  @Test func `the manual tells what each code stands for`() {
    #expect(
      Set(FindingCode.all.map(\.code)).symmetricDifference(codes.union(rareCodes)).sorted() == [],
      "NNManual/Findings has a table of them")
  }

  @Test func `a file cut off anywhere is reported, not fatal, and all of it is quick`() throws {
    let clock = ContinuousClock()
    var files = 0
    let time = try clock.measure {
      for name in try caseNames() {
        let bytes = try contents("\(name).yaml")
        for eighth in 1...8 {
          let cut = Array(bytes.prefix(bytes.count * eighth / 8))
          let checked = ModelFile.check(
            cut, name: "cut.yaml", directory: goldenFolder.path, depth: .header)
          #expect(checked.hasErrors || checked.value != nil, "\(name) at \(cut.count) bytes")
          files += 1
        }
      }
    }
    print("checked \(files) files in \(time)")
    // A sanitizer makes it slow, and says how much longer it may take.
    let patience = ProcessInfo.processInfo.environment["NNC_PATIENCE"].flatMap { Double($0) } ?? 1
    #expect(time < .seconds(30 * patience))
  }
}

/// Those that no small file can cause, a warning among them that ends no check.
private let rareCodes: Set<String> = [
  "file-too-large", "no-storage", "not-cached", "out-of-memory", "row-too-long", "scalar-too-long",
  "stacked-head",
  "too-many-classes", "too-many-problems",
  // Of the processor; most that run the tests have what it misses.
  "unsupported-isa", "unsupported-precision",
  // Of the command line, and of locks.
  "bad-setting", "damaged-lock", "unreadable-file",
  // What libyaml says and nobody foresaw.
  "yaml-syntax",
]

/// Every code that the goldens show.
private let codes: Set<String> = [
  "ambiguous-input", "bad-attribute", "bad-block-text", "bad-date",
  "bad-encoding", "bad-escape",
  "bad-indentation", "bad-index", "bad-json", "bad-key", "bad-merge", "bad-query",
  "bad-name", "bad-number", "bad-tag", "bad-tensor-file",
  "bad-token", "bad-utf8",
  "bare-carriage-return",
  "binary-data", "binary-values", "class-not-in-training", "conflicting-fields",
  "control-character", "corrupt-gzip", "corrupt-zstd", "duplicate-class", "duplicate-column",
  "duplicate-column-name", "duplicate-id", "duplicate-key", "duplicate-name", "duplicate-target",
  "empty-column-name", "empty-file", "empty-split", "field-not-for-type", "file-not-found",
  "index-input", "key-too-long", "late-schedule", "loss-mismatch", "malformed-file",
  "metric-mismatch",
  "mismatched-bracket", "mixed-values",
  "misplaced-dash", "missing-colon", "missing-column", "missing-comma", "missing-dash",
  "missing-field", "missing-from", "missing-head", "missing-kind", "missing-space",
  "missing-target", "missing-value", "more-problems", "negative-weight", "no-layers",
  "no-logarithm",
  "no-rows",
  "no-values", "no-windows", "repeated-time", "short-series",
  "not-a-class", "not-a-file", "not-built", "not-gzip", "not-utf8", "nothing-to-schedule",
  "number-out-of-range",
  "number-overflow",
  "one-column", "out-of-range", "recursive-alias", "reference-cycle", "reserved-character",
  "second-colon", "several-documents", "shape-mismatch", "split-sum", "stratify-values",
  "tab-indentation", "target-in-inputs", "tensor-type", "text-after-quote", "text-length",
  "too-deep",
  "too-few-classes",
  "too-many-layers", "too-many-nodes", "truncated-gzip", "two-kinds", "unclosed-bracket",
  "unclosed-quote", "uneven-columns", "uneven-row", "unexpected-text", "unknown-activation",
  "unknown-alias",
  "unknown-category", "unknown-column", "unknown-directive", "unknown-extension", "unknown-field",
  "unknown-figure", "unknown-initializer", "unknown-layer", "unknown-loss", "unknown-metric",
  "unknown-optimizer", "unknown-part", "unknown-positive", "unknown-reference", "unknown-scale",
  "unknown-schedule", "unknown-source", "unknown-tag", "unknown-target", "unknown-tensor",
  "unknown-version",
  "unmatched-pattern", "unmixable", "unsupported-values", "unordered-figure", "unused-input",
  "unused-layer",
  "unused-path",
  "unused-target",
  "words-as-numbers", "wrong-delimiter", "wrong-type",
  // Of images.
  "damaged-image", "image-sizes", "image-target", "image-too-large", "no-images",
  "transform-order", "transform-size", "unknown-transform", "unsupported-image",
  // Of vars, blocks and split.
  "bad-expression", "block-cycle", "division-by-zero", "missing-parameter", "unknown-block",
  "unknown-parameter", "unknown-variable", "unused-block", "unused-parameter", "unused-part",
  "unused-variable", "variable-cycle",
]

private let goldenFolder = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "Golden/diagnostics")

private let isBlessing = ProcessInfo.processInfo.environment["NNC_BLESS"] == "1"

private func names(in folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path)
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
}

private func caseNames() throws -> [String] { try names(in: goldenFolder) }

private func validNames() throws -> [String] {
  try names(in: goldenFolder.appending(path: "valid"))
}

private func contents(_ name: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: goldenFolder.appending(path: name)))
}

private func check(_ name: String) throws -> Checked<CheckedModel> {
  ModelFile.check(
    try contents(name), name: name, directory: goldenFolder.path, depth: .header)
}

/// What `nnc check` prints on standard error when it is started in the folder.
private func printed<Value>(_ checked: Checked<Value>) -> String {
  let findings = checked.rendered(by: TerminalRenderer(colour: false))
  let all = checked.diagnostics
  let text = findings.map { $0 + "\n\n" }.joined()
  return text.replacing("\(goldenFolder.path)/", with: "")
    + summary(errors: all.errorCount, warnings: all.warningCount, files: 1) + "\n"
}
