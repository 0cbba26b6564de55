#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import NNData
import NNDiagnostics
import NNModel
import NNYAML

/// A folder with data files that goes away with the test.
final class TestFolder {
  let path: String
  private var names: [String] = []
  private var folders: [String] = []

  init(_ files: [String: String] = [:]) {
    var template = Array("/tmp/nndata-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, let made = mkdtemp(base) else { return "/tmp" }
      return String(cString: made)
    }
    for (name, text) in files { write(Array(text.utf8), to: name) }
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    for folder in folders.reversed() { rmdir("\(path)/\(folder)") }
    rmdir(path)
  }

  func makeFolder(_ name: String) {
    folders.append(name)
    mkdir("\(path)/\(name)", 0o700)
  }

  func write(_ bytes: [UInt8], to name: String) {
    names.append(name)
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}

/// A data section read from YAML, and everything that was reported on the way.
struct Reading {
  var reader = Reader(file: "model.yaml", catalogue: Catalogue())
  var spec: DataSpec?

  init(_ yaml: String) {
    let (node, diagnostics) = parseYAML(SourceText(name: "model.yaml", text: yaml))
    reader.diagnostics += diagnostics
    if let node { spec = DataSpec.read(node, &reader) }
  }

  mutating func load(
    in folder: String, seed: UInt64 = 7, using fitted: Preprocessing? = nil
  ) -> PreparedData? {
    spec?.load(baseDirectory: folder, modelSeed: seed, using: fitted, &reader)
  }
}

/// Loads a data section whose source is `data.csv`.
func load(_ yaml: String, csv: String, seed: UInt64 = 7) -> (PreparedData?, [Diagnostic]) {
  let folder = TestFolder(["data.csv": csv])
  var reading = Reading(yaml)
  let data = reading.load(in: folder.path, seed: seed)
  return (data, reading.reader.diagnostics)
}

/// `file:line:column code`, the part of a diagnostic that never changes its wording.
func places(_ diagnostics: [Diagnostic]) -> [String] {
  diagnostics.map { "\($0.file):\($0.range.start.line):\($0.range.start.column) \($0.code)" }
}

func floats(_ array: FeatureArray?) -> [Float]? {
  if case .float(let values)? = array?.storage { values } else { nil }
}

func indices(_ array: FeatureArray?) -> [Int32]? {
  if case .index(let values)? = array?.storage { values } else { nil }
}

/// The repository's datasets, seen from this file.
let datasets: String = {
  let parts = #filePath.split(separator: "/").dropLast(3)
  return "/" + parts.joined(separator: "/") + "/datasets"
}()

/// A gzip file that holds bytes without compressing them.
func storedGzip(_ bytes: [UInt8]) -> [UInt8] {
  var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
  func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }
  var from = 0
  repeat {
    let chunk = bytes[from..<min(from + 65535, bytes.count)]
    from += chunk.count
    result.append(from == bytes.count ? 1 : 0)
    result += little(UInt32(chunk.count), 2) + little(~UInt32(chunk.count), 2) + chunk
  } while from < bytes.count
  var crc: UInt32 = .max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  return result + little(~crc, 4) + little(UInt32(bytes.count), 4)
}

extension PreparedData {
  /// The data rows of each part's samples as messages count them, from one.
  var rowNumbers: [SplitName: [Int]] { rows.mapValues { $0.map { $0 + 1 } } }
}
