import NNCatalogue
import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import NNTraining
import NNYAML

/// The data section of a file, loaded again and again from the file to prepared samples, by the same
/// code that training uses. One thread does all of it.
///
/// - `steps N`: loads N times; `{"microseconds": […]}`, one number a time
/// - `size`: `{"samples": …, "numbers": …}` of what was loaded last, all parts together
struct Loading {
  private let data: DataSpec
  private let directory: String
  private let path: String
  private var samples = 0
  private var numbers = 0

  init(path: String) throws {
    guard case .success(let bytes) = readBytes(path) else {
      throw RunnerError("cannot read \(path)")
    }
    let parsed = parseYAML(bytes: bytes, name: path)
    var reader = Reader(file: path, catalogue: .standard)
    reader.diagnostics = parsed.diagnostics
    let section = parsed.node?.mapping?["data"]
    guard let data = section.flatMap({ DataSpec.read($0, needsTargets: false, &reader) }) else {
      throw RunnerError(reader.diagnostics.map(\.message).joined(separator: "\n"))
    }
    self.data = data
    self.path = path
    directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
  }

  mutating func answer(_ line: String) throws -> JSONValue {
    let words = line.split(separator: " ")
    switch words.first {
    case "steps":
      var times: [JSONValue] = []
      for _ in 0..<(words.last.flatMap { Int($0) } ?? 1) { times.append(.number(try load())) }
      return ["microseconds": .array(times)]
    case "size": return ["samples": JSONValue(samples), "numbers": JSONValue(numbers)]
    default: throw RunnerError("no command '\(line)'")
    }
  }

  /// Loads once; the microseconds it takes.
  private mutating func load() throws -> Double {
    let start = ContinuousClock.now
    var reader = Reader(file: path, catalogue: .standard)
    let loaded = data.load(baseDirectory: directory, modelSeed: 1, &reader)
    let time = microseconds(since: start)
    guard let loaded else {
      throw RunnerError(reader.diagnostics.map(\.message).joined(separator: "\n"))
    }
    samples = loaded.splits.values.reduce(0) { $0 + $1.count }
    numbers = loaded.splits.values.reduce(0) { sum, part in
      sum + part.inputs.reduce(0) { $0 + $1.sampleShape.count * part.count }
    }
    return time
  }
}
