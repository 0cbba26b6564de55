import Glibc
import NNCheckpoint
import NNData
import NNDiagnostics
import NNEngine
import NNJSON
import NNTensor
import NNTraining

/// Runs training steps of a case on demand, so that a driver can let nnc and its peers take turns.
///
///     nnc-bench CASE.yaml --threads N
///
/// Reads one command a line from standard input and answers each with one line of JSON:
/// - `steps N`: takes N steps; `{"microseconds": […]}`, one number a step
/// - `loss`: the loss of the first batch with the weights as they are; `{"loss": …}`
/// - `save PATH`: writes the weights as safetensors; `{}`
/// - `profile N`: what each op takes of a step, medians of N; `[{"op", "layer", "shapes",
///   "microseconds"}, …]`
/// - `memory`: `{"peak_bytes": …}` of the process so far
///
/// What it is not: it reads no data while it measures and evaluates nothing.
@main
struct Runner {
  static func main() {
    do {
      let arguments = CommandLine.arguments
      guard arguments.count == 4, arguments[2] == "--threads", let threads = Int(arguments[3])
      else { throw RunnerError("usage: nnc-bench CASE.yaml --threads N") }
      var session = try Session(path: arguments[1], threads: threads)
      emit("{\"ready\": true}\n", to: STDOUT_FILENO)
      while let line = readLine() {
        emit(try session.answer(line).serialized() + "\n", to: STDOUT_FILENO)
      }
    } catch {
      emit("nnc-bench: \(error)\n", to: STDERR_FILENO)
      exit(1)
    }
  }

  /// Writes at once, because the driver waits for each line.
  private static func emit(_ text: String, to file: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}

struct RunnerError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// A case with its trainer.
private struct Session {
  let trainer: Trainer
  /// The first sample of the next batch.
  var next = 0

  init(path: String, threads: Int) throws {
    guard case .success(let bytes) = readBytes(path) else {
      throw RunnerError("cannot read \(path)")
    }
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let checked = ModelFile.check(
      bytes, name: path, directory: folder.joined(separator: "/"), depth: .everything)
    guard let model = checked.value, let data = model.prepared else {
      throw RunnerError(checked.diagnostics.map(\.message).joined(separator: "\n"))
    }
    trainer = try Trainer(model, data, threads: threads)
  }

  mutating func answer(_ line: String) throws -> JSONValue {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    switch (words.first, words.last) {
    case ("steps", let count?): return try steps(Int(count) ?? 1)
    case ("loss", _): return ["loss": .number(try takeStep(rate: 0))]
    case ("save", let path?):
      let tensors = trainer.store.tensors.map { Checkpoint.Entry($0.name, $0.tensor) }
      try Checkpoint(tensors: tensors).write(to: path)
      return .object([])
    case ("profile", let count?):
      return try trainer.profileTable(Array(0..<trainer.batch), repeats: Int(count) ?? 1)
    case ("memory", _): return ["peak_bytes": JSONValue(peakBytes())]
    default: throw RunnerError("no command '\(line)'")
    }
  }

  private mutating func steps(_ count: Int) throws -> JSONValue {
    var times: [JSONValue] = []
    for _ in 0..<count {
      let start = ContinuousClock.now
      _ = try takeStep(rate: 1e-3)
      let time = (ContinuousClock.now - start).components
      times.append(.number(Double(time.seconds) * 1e6 + Double(time.attoseconds) * 1e-12))
    }
    return ["microseconds": .array(times)]
  }

  private mutating func takeStep(rate: Double) throws -> Double {
    let batch = trainer.batch
    if next + batch > trainer.trainCount { next = 0 }
    defer { next += batch }
    return try trainer.takeStep(Array(next..<next + batch), rate: rate)
  }

  /// The most memory the process has had at once.
  private func peakBytes() -> Int {
    var usage = rusage()
    // Zero is RUSAGE_SELF, whose Swift type is not the function's.
    getrusage(0, &usage)
    return usage.ru_maxrss * 1024
  }
}
