import NNCheckpoint
import NNData
import NNDiagnostics
import NNEngine
import NNJSON
import NNTensor
import NNTraining

/// A case with its trainer. Its commands, and the answers:
/// - `steps N`: takes N steps; `{"microseconds": […]}`, one number a step
/// - `infer ROWS TIMES`: predicts so many rows so many times; `{"microseconds": […]}`, one number a
///   time
/// - `loss`: the loss of the next batch with the weights as they are; `{"loss": …}`
/// - `save PATH`: writes the weights as safetensors; `{}`
/// - `cost`: `{"operations": …}` of a step, as the plan counts them
/// - `profile N`: what each op takes of a step, medians of N, and first what gathering its rows
///   takes; `[{"op", "layer", "shapes", "microseconds"}, …]`
struct Session {
  private let model: CheckedModel
  private let data: PreparedData
  private let trainer: Trainer
  private let threads: Int
  /// The first sample of the next batch.
  private var next = 0
  private var inference: Inference?

  /// - isHalf: whether `precision: bf16` stands under train, whatever the file says.
  init(path: String, threads: Int, isHalf: Bool) throws {
    guard case .success(var bytes) = readBytes(path) else {
      throw RunnerError("cannot read \(path)")
    }
    if isHalf { bytes = try Self.withBF16(bytes) }
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let checked = ModelFile.check(
      bytes, name: path, directory: folder.joined(separator: "/"), depth: .everything)
    guard let model = checked.value, let data = model.prepared else {
      let messages = checked.diagnostics.map(\.message).joined(separator: "\n")
      if isHalf, messages.contains("precision") || messages.contains("bf16") {
        throw Unsupported(description: messages)
      }
      throw RunnerError(messages)
    }
    self.model = model
    self.data = data
    self.threads = threads
    trainer = try Trainer(model, data, threads: threads)
  }

  /// The file with its precision changed: one text serves both rows of a case.
  private static func withBF16(_ bytes: [UInt8]) throws -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    let parts = text.split(separator: "\ntrain: {", omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw RunnerError("the case has no line 'train: {…}'") }
    return Array("\(parts[0])\ntrain: {precision: bf16, \(parts[1])".utf8)
  }

  mutating func answer(_ line: String) throws -> JSONValue {
    let words = line.split(separator: " ").map(String.init)
    switch (words.first, words.dropFirst().first) {
    case ("steps", let count?): return try steps(Int(count) ?? 1)
    case ("infer", let rows?):
      return try infer(rows: Int(rows) ?? 1, times: words.last.flatMap { Int($0) } ?? 1)
    case ("loss", _): return ["loss": .number(try takeStep(rate: 0))]
    case ("save", let path?):
      let tensors = trainer.store.tensors.map { Checkpoint.Entry($0.name, $0.tensor) }
      try Checkpoint(tensors: tensors).write(to: path)
      return .object([])
    case ("profile", let count?):
      return try trainer.profileTable(Array(0..<trainer.batch), repeats: Int(count) ?? 1)
    case ("cost", _):
      return ["operations": JSONValue(ModelSummary(model, threads: threads).stepOperations)]
    default: throw RunnerError("no command '\(line)'")
    }
  }

  private mutating func steps(_ count: Int) throws -> JSONValue {
    var times: [JSONValue] = []
    for _ in 0..<count {
      let start = ContinuousClock.now
      _ = try takeStep(rate: 1e-3)
      times.append(.number(microseconds(since: start)))
    }
    return ["microseconds": .array(times)]
  }

  private mutating func takeStep(rate: Double) throws -> Double {
    let batch = trainer.batch
    if next + batch > trainer.trainCount { next = 0 }
    defer { next += batch }
    return try trainer.takeStep(Array(next..<next + batch), rate: rate)
  }

  private mutating func infer(rows: Int, times: Int) throws -> JSONValue {
    let inference: Inference
    if let made = self.inference, made.rows == rows {
      inference = made
    } else {
      inference = try Inference(
        model, data, trainer.store.tensors, rows: rows, threads: threads)
      self.inference = inference
    }
    return ["microseconds": .array(try inference.run(times: times).map { .number($0) })]
  }
}

func microseconds(since start: ContinuousClock.Instant) -> Double {
  let time = (ContinuousClock.now - start).components
  return Double(time.seconds) * 1e6 + Double(time.attoseconds) * 1e-12
}
