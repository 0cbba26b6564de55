@testable import NNData
import NNDiagnostics
import NNTensor
import NNTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many mutations of each file; a longer hunt takes NNC_FUZZ_ROUNDS, best with a sanitizer.
private let rounds = getenv("NNC_FUZZ_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 250

/// Damaged files give a table or a finding, and never end the program.
@Suite struct ReaderFuzzTests {
  private static let binary: [(format: any TypedFormat, files: [String])] = [
    (SQLiteFormat(table: "customers"), ["shop.sqlite"]),
    (SafetensorsFormat(), ["tensors.safetensors"]),
    (IDXFormat(), ["labels-idx1-ubyte", "type-0b.idx", "type-0e.idx"]),
    (
      NumPyFormat(),
      ["big-f4.npy", "fortran.npy", "texts.npy", "bytes.npy", "version-2.npy", "stored.npz"]
    ),
    (NumPyFormat(arrays: [("a", "x_train"), ("b", "y_train")]), ["deflated.npz"]),
  ]

  /// A part of a text may be a text.
  private static let texts: [(format: any TypedFormat, files: [String])] = [
    (JSONLinesFormat(), ["records.jsonl"]), (ARFFFormat(), ["flowers.arff", "sparse.arff"]),
    (LibSVMFormat(), ["one.libsvm", "ranked.svmlight"]),
    (LibSVMFormat(features: 7, first: 0), ["one.libsvm"]),
    (LinesFormat(label: .none), ["documents.txt"]), (LinesFormat(label: .tab), ["labelled.txt"]),
    (LinesFormat(label: .fasttext), ["marked.txt"]),
  ]

  private static func pairs(
    _ cases: [(format: any TypedFormat, files: [String])]
  ) -> [(String, any TypedFormat)] {
    cases.flatMap { format, files in files.map { ($0, format) } }
  }

  @Test(arguments: pairs(binary + texts))
  func `a damaged file is a table or a finding`(_ name: String, _ format: any TypedFormat) throws {
    let file = try FileBytes(mapping: ReaderFixture.folder + "/" + name)
    let whole = try #require(file.copy(0..<file.count))
    var outcomes: [Bool] = []
    for seed in 0..<rounds {
      let damaged = mutated(whole, seed: UInt64(seed))
      let (table, diagnostics) = format.parse(FileBytes(damaged), name: name)
      #expect((table == nil) == !diagnostics.isEmpty)
      outcomes.append(table == nil)
      if let table { try touch(table) }
    }
    // Else nothing would have been tried.
    #expect(outcomes.contains(true))
  }

  @Test(arguments: pairs(binary))
  func `every truncation is noticed`(_ name: String, _ format: any TypedFormat) throws {
    let file = try FileBytes(mapping: ReaderFixture.folder + "/" + name)
    let whole = try #require(file.copy(0..<file.count))
    for count in stride(from: 0, to: whole.count, by: max(whole.count / 200, 1)) {
      let (table, diagnostics) = format.parse(FileBytes(Array(whole[..<count])), name: name)
      #expect(table == nil)
      #expect(diagnostics.count == 1)
    }
  }

  private func touch(_ table: Table) throws {
    for (position, column) in (table.typed?.columns ?? []).enumerated() {
      if case .tensors(let tensors) = column.values {
        for row in 0..<tensors.rowCount { _ = try floatsOfRow(tensors, row) }
      } else {
        for row in 0..<table.rowCount { _ = table.text(row: row, column: position) }
      }
      if table.rowCount > 0 { _ = table.range(row: table.rowCount - 1, column: position) }
    }
  }
}
