// What libFuzzer calls: a reader for each name. One more is a line here, and a line in fuzz.sh for the
// files that it begins with.
import CFuzzer
import Glibc

@testable import NNData
import NNTensor
@testable import NNTraining

/// Reads bytes as a file of some kind; whatever they are, the program must go on.
private typealias Reading = @Sendable (UnsafeRawBufferPointer) -> Void

private let readers: [String: Reading] = [
  "idx": { parse($0, IDXFormat()) },
  "npy": { parse($0, NumPyFormat()) },
  "npz": { parse($0, NumPyFormat()) },
  "safetensors": { parse($0, SafetensorsFormat()) },
  "checkpoint": { readCheckpoint($0) },
  "sqlite": { parse($0, SQLiteFormat(table: "customers")) },
  "arff": { parse($0, ARFFFormat()) },
  "jsonl": { parse($0, JSONLinesFormat()) },
  "libsvm": { parse($0, LibSVMFormat()) },
  "csv": { bytes in
    let (table, _) = Table.parse(Array(bytes), name: "file", format: CSVFormat())
    if let table { touch(table) }
  },
  "gzip": { bytes in
    do throws(FileProblem) { _ = try gunzip(Array(bytes), limit: most) } catch { return }
  },
  "zstd": { bytes in
    do throws(FileProblem) { _ = try unzstd(Array(bytes), limit: most) } catch { return }
  },
  // Their formats tell themselves apart.
  "png": { decode($0) },
  "jpeg": { decode($0) },
  "yaml": { bytes in
    _ = ModelFile.check(Array(bytes), name: "file", directory: "/nonexistent", depth: .none)
  },
]

/// The most bytes that anything is decompressed to: a small file can make many, which is no mistake.
private let most = 1 << 22

private func parse(_ bytes: UnsafeRawBufferPointer, _ format: some TypedFormat) {
  let (table, diagnostics) = format.parse(FileBytes(Array(bytes)), name: "file")
  precondition((table == nil) == !diagnostics.isEmpty, "neither a table nor a finding, or both")
  if let table { touch(table) }
}

/// Looks at the rows of a table, as loading does.
private func touch(_ table: Table) {
  guard let last = (0..<table.rowCount).last else { return }
  // A few bytes can stand for any number of rows of nothing.
  let rows = Array(0..<min(last + 1, 100)) + [last]
  for column in table.columnNames.indices {
    if let typed = table.typed, case .tensors(let tensors) = typed.columns[column].values {
      guard tensors.shape.count <= most else { continue }
      var floats = [Float](repeating: 0, count: tensors.shape.count)
      for row in rows {
        floats.withUnsafeMutableBufferPointer { try? tensors.read(row, into: $0) }
      }
    } else {
      for row in rows { _ = table.text(row: row, column: column) }
    }
    _ = table.range(row: last, column: column)
  }
}

private func decode(_ bytes: UnsafeRawBufferPointer) {
  do throws(ImageProblem) {
    let header = try ImageHeader(bytes)
    // A large picture takes long, which is no mistake.
    guard header.width * header.height < most else { return }
    _ = try DecodedImage(bytes)
  } catch {
    return
  }
}

@main
struct Fuzzing {
  fileprivate nonisolated(unsafe) static var reading: Reading = { _ in }

  static func main() {
    var arguments = CommandLine.unsafeArgv
    guard CommandLine.argc > 1, let word = arguments[1], let own = readers[String(cString: word)]
    else {
      print("usage: nnc-fuzz READER [options of libFuzzer]; READER is one of")
      print(readers.keys.sorted().joined(separator: ", "))
      exit(2)
    }
    reading = own
    // The name of the reader stands in the program's place.
    var count = CommandLine.argc - 1
    arguments += 1
    var rest: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments
    exit(
      LLVMFuzzerRunDriver(&count, &rest) { bytes, count in
        Fuzzing.reading(UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
      })
  }
}
