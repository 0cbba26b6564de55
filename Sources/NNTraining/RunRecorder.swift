package import NNCheckpoint
package import NNData
import NNDiagnostics
import NNEngine
package import NNJSON
import NNModel
import NNTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// This version of nnc, as checkpoints name it.
package let nncVersion = "0.1.0"

/// Keeps what a run makes in its folder: checkpoints, figures, the model as resolved.
package final class RunRecorder {
  package let folder: RunFolder
  private let model: CheckedModel
  private let metadata: [String: String]
  private var lastWriting: UInt64
  /// What the last writing took, at first a guess, in nanoseconds.
  private var costOfWriting: UInt64 = 8_000_000

  /// Epochs of small models are far shorter than a writing, which waits for the disk, so some are left
  /// out: at most a thirty-third of the time goes to writing. What is lost to a killed process is at
  /// most `checkpoint.every`, or so many times what a writing takes.
  private static let timesOfWriting: UInt64 = 32

  private let record: JSONValue
  /// Keeps other processes from writing into the folder.
  private let claim: FolderClaim

  /// Makes the run's folder, or takes that of a run that goes on, and writes what is known before the
  /// first step.
  package init(
    _ model: CheckedModel, _ data: PreparedData, threads: Int, resuming run: ResumePoint? = nil
  ) throws(TrainingError) {
    self.model = model
    lastWriting = Self.now()
    do {
      folder =
        try run?.folder
        ?? RunFolder.create(in: model.file.spec.checkpoint.folder, name: model.file.spec.name)
      claim = try FolderClaim(folder.path)
      let text = model.file.resolvedText
      var metadata: [String: String] = [:]
      metadata[.version] = nncVersion
      metadata[.model] = text
      metadata[.preprocessing] = data.preprocessing.json.serialized()
      metadata[.configDigest] = ContentDigest(of: text).hexadecimal
      metadata[.seed] = String(model.file.spec.seed)
      metadata[.instructionSet] = instructionSet(
        for: model.file.spec.train.precision.operands)
      var digests: [JSONValue.Member] = []
      for file in data.sourceFiles + model.tensorFiles {
        digests.append(.init(file.path, .string(try file.digest.hexadecimal)))
      }
      metadata[.dataDigests] = JSONValue.object(digests).serialized()
      self.metadata = metadata
      record = Self.record(model, threads: threads, data: digests)
      if let run {
        try run.checkData(metadata[.dataDigests] ?? "")
        try Self.cutMetrics(run)
      }
      try folder.writeModel(text)
      try AtomicFile.write(lines: SplitLines(data), to: folder.split)
      try folder.writeRun(record)
    } catch let error as CheckpointError {
      throw .recording(error.message)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .recording("\(error)")
    }
  }

  /// Leaves of the metrics what was written before the state, which is what goes on.
  private static func cutMetrics(_ run: ResumePoint) throws(CheckpointError) {
    let numbers = run.state?.numbers
    let step = numbers?["step"]?.integerValue ?? 0
    let isBegun = numbers?["begun"].map { $0 != .null } ?? false
    let epochs = (numbers?["epoch"]?.integerValue ?? 0) - (isBegun ? 1 : 0)
    let lines = try run.folder.readMetrics()
    try run.folder.replaceMetrics(
      lines.filter { line in
        line.members?.first?.name == "epoch"
          ? (line["epoch"]?.integerValue ?? 0) <= epochs
          : (line["step"]?.integerValue ?? 0) <= step
      })
  }

  /// Keeps how training ended.
  package func end(_ end: TrainingEnd, of trainer: Trainer) throws(TrainingError) {
    let word =
      switch end {
      case .completed: "completed"
      case .stoppedEarly: "stopped_early"
      case .interrupted: "interrupted"
      }
    let members: [JSONValue.Member] = [
      .init("end", .string(word)), .init("epochs", JSONValue(trainer.epoch)),
      .init("steps", JSONValue(trainer.step)),
    ]
    do {
      try folder.writeRun(.object((record.members ?? []) + members))
    } catch {
      throw .recording(error.message)
    }
  }

  /// Writes an epoch's line, and the checkpoints if it is time.
  package func record(_ report: EpochReport, of trainer: Trainer) throws(TrainingError) {
    try append(report.json)
    let isDue = report.epoch % model.file.spec.checkpoint.every == 0
    guard isDue, Self.now() - lastWriting >= Self.timesOfWriting * costOfWriting else { return }
    try write(trainer)
  }

  /// Writes a step's line where the file asks for it.
  package func record(_ report: StepReport) throws(TrainingError) {
    guard let every = model.file.spec.train.logEvery, report.step % every == 0 else { return }
    try append(report.json)
  }

  /// Writes all checkpoints as training stands.
  ///
  /// - Returns: the digest of the best one.
  @discardableResult
  package func write(_ trainer: Trainer) throws(TrainingError) -> ContentDigest {
    let start = Self.now()
    let (last, best) = (try trainer.lastTensors(), try trainer.bestTensors())
    do {
      let place = (trainer.epoch, trainer.step)
      try checkpoint(last, place).write(to: folder.last)
      let digest = try checkpoint(best, trainer.bestPlace).write(to: folder.best)
      // The last of the three: what it does not know of is written again by who goes on from it.
      let written = trainer.state
      var state = checkpoint(written.tensors, place)
      state.trainer = written.numbers.serialized()
      try state.write(to: folder.state)
      lastWriting = Self.now()
      costOfWriting = lastWriting - start
      return digest
    } catch {
      throw .recording(error.message)
    }
  }

  private func append(_ line: JSONValue) throws(TrainingError) {
    do {
      try folder.appendMetrics(line)
    } catch {
      throw .recording(error.message)
    }
  }

  private func checkpoint(
    _ tensors: [(name: String, tensor: Tensor)], _ place: (epoch: Int, step: Int)
  ) -> Checkpoint {
    var metadata = metadata
    metadata[.epoch] = String(place.epoch)
    metadata[.step] = String(place.step)
    return Checkpoint(
      tensors: tensors.map { Checkpoint.Entry($0.name, $0.tensor) }, metadata: metadata)
  }

  /// What evaluating and repeating a run wants to know; it may differ from machine to machine.
  private static func record(
    _ model: CheckedModel, threads: Int, data: [JSONValue.Member]
  ) -> JSONValue {
    [
      "nnc": .string(nncVersion), "model": .string(model.file.source.name),
      "model_folder": .string(absolute(model.file.directory)), "threads": JSONValue(threads),
      "data": .object(data),
    ]
  }

  private static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path.isEmpty ? "." : path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

extension [String: String] {
  fileprivate subscript(key: MetadataKey) -> String? {
    get { self[key.rawValue] }
    set { self[key.rawValue] = newValue }
  }
}

extension EpochReport {
  package var json: JSONValue {
    .object(
      [
        .init("epoch", JSONValue(epoch)), .init("step", JSONValue(step)),
        .init("lr", .number(rate)), .init("train", ["loss": .number(trainLoss)]),
      ] + (validation.map { [.init("validation", $0.json)] } ?? []))
  }
}

extension StepReport {
  package var json: JSONValue {
    [
      "step": JSONValue(step), "epoch": JSONValue(epoch), "lr": .number(rate),
      "train": ["loss": .number(loss)],
    ]
  }
}
