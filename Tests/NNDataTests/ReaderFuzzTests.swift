@testable import NNData
import NNDiagnostics
import NNTensor
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

  /// Flips, cuts, repeats, and numbers that are larger than anything.
  private func mutated(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    let stream = RandomStream(seed: seed, purpose: "fuzz")
    var result = bytes
    func below(_ bound: Int, _ index: UInt64) -> Int { stream.integer(below: bound, at: index) }
    for change in 0..<UInt64(1 + seed % 4) where !result.isEmpty {
      // What stands at the beginning or the end tells of all the rest.
      let reach = below(2, change * 8) == 0 ? min(result.count, 160) : result.count
      let from = below(2, change * 8 + 1) == 0 ? 0 : result.count - reach
      let place = from + below(reach, change * 8 + 2)
      switch below(5, change * 8 + 3) {
      case 0: result[place] ^= UInt8(1 << below(8, change * 8 + 4))
      case 1: result[place] = UInt8(below(256, change * 8 + 4))
      case 2: result.removeSubrange(place..<min(place + 1 + below(9, change * 8 + 4), result.count))
      case 3:
        for byte in place..<min(place + 1 << below(4, change * 8 + 4), result.count) {
          result[byte] = below(2, change * 8 + 5) == 0 ? 0xFF : 0x39
        }
      default:
        result.insert(contentsOf: result[place..<min(place + 8, result.count)], at: place)
      }
    }
    return result
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
