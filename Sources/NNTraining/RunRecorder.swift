package import NNCheckpoint
package import NNData
import NNDiagnostics
import NNEngine
import NNJSON
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
  /// What the run was begun with otherwise than it was gone on with; then its file alone does not make
  /// the weights again.
  package let changes: [String]
  /// Of the weights after some epochs.
  private var digests: [(epoch: Int, digest: String)] = []
  private var tensorDigests: [(name: String, digest: String)] = []
  /// The best weights that were written last; the step is nil where no epoch was finished.
  private var writtenBest: (digest: ContentDigest, step: Int?)?
  private var lastDigest = ""
  /// Keeps other processes from writing into the folder.
  private let claim: FolderClaim

  /// Makes the run's folder, or takes that of a run that goes on, and writes what is known before the
  /// first step.
  ///
  /// - base: where the folder is made, in place of what the file says.
  /// - files: the files that training begins with, where they were digested.
  package init(
    _ model: CheckedModel, _ data: PreparedData, threads: Int, resuming run: ResumePoint? = nil,
    in base: String? = nil, files: [DigestedFile]? = nil
  ) throws(TrainingError) {
    self.model = model
    lastWriting = Self.now()
    changes = run.map { $0.changes(by: model) } ?? []
    let digested: [DigestedFile]
    if let files { digested = files } else { digested = try model.digestedFiles(data) }
    do {
      folder =
        try run?.folder
        ?? RunFolder.create(
          in: base ?? model.file.spec.checkpoint.folder, name: model.file.spec.name)
      claim = try FolderClaim(folder.path)
      let text = model.file.resolvedText
      var metadata: [String: String] = [:]
      metadata[.format] = Checkpoint.format
      metadata[.version] = nncVersion
      metadata[.model] = text
      metadata[.preprocessing] = data.preprocessing.json.serialized()
      metadata[.configDigest] = ContentDigest(of: text).hexadecimal
      metadata[.seed] = String(model.file.spec.seed)
      metadata[.instructionSet] = instructionSet(
        for: model.file.spec.train.precision.operands)
      let dataDigests = JSONValue.object(digested.map { .init($0.path, .string($0.digest)) })
      metadata[.dataDigests] = dataDigests.serialized()
      self.metadata = metadata
      record = Self.record(model, threads: threads, data: dataDigests, changes: changes)
      if let run {
        try run.checkData(metadata[.dataDigests] ?? "")
        for line in try Self.cutMetrics(run) {
          guard let epoch = line["epoch"]?.integerValue, let digest = line["weights"]?.stringValue
          else { continue }
          digests.append((Int(epoch), digest))
        }
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

  /// Leaves of the metrics of a run what was written before its state, which is what goes on.
  ///
  /// - Returns: the lines that are left.
  private static func cutMetrics(_ run: ResumePoint) throws(CheckpointError) -> [JSONValue] {
    let numbers = run.state?.numbers
    let isBegun = numbers?["begun"].map { $0 != .null } ?? false
    return try cutMetrics(
      run.folder, epochs: (numbers?["epoch"]?.integerValue ?? 0) - (isBegun ? 1 : 0),
      steps: numbers?["step"]?.integerValue ?? 0,
      rollbacks: numbers?["rollbacks"]?.integerValue ?? 0)
  }

  private static func cutMetrics(
    _ folder: RunFolder, epochs: Int64, steps: Int64, rollbacks: Int64
  ) throws(CheckpointError) -> [JSONValue] {
    let left = try folder.readMetrics().filter { line in
      switch line.members?.first?.name {
      case "epoch": (line["epoch"]?.integerValue ?? 0) <= epochs
      case "rollback": (line["rollback"]?.integerValue ?? 0) <= rollbacks
      default: (line["step"]?.integerValue ?? 0) <= steps
      }
    }
    try folder.replaceMetrics(left)
    return left
  }

  /// Takes the steps back that do not count any more, and says why.
  func record(_ report: RollbackReport) throws(TrainingError) {
    do {
      _ = try Self.cutMetrics(
        folder, epochs: Int64(report.epoch), steps: Int64(report.step),
        rollbacks: Int64(report.number))
    } catch {
      throw .recording(error.message)
    }
    try append(report.json)
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
    tensorDigests = trainer.tensorDigests.map { ($0.name, Self.short($0.digest)) }
    do {
      try folder.writeRun(.object((record.members ?? []) + members))
    } catch {
      throw .recording(error.message)
    }
  }

  private static func short(_ digest: ContentDigest) -> String {
    String(digest.hexadecimal.prefix(LockResults.shortDigits))
  }

  /// What a training gave that has ended.
  ///
  /// - initial: the digest of the weights before the first step.
  /// - figures: of the best weights.
  package func results(
    of trainer: Trainer, initial: ContentDigest, figures: [(SplitName, Figures)]
  ) -> LockResults {
    LockResults(
      epochs: trainer.epoch, steps: trainer.step, initial: initial.hexadecimal,
      every: LockResults.every(ofEpochs: trainer.totalEpochs),
      after: digests, tensors: tensorDigests, best: writtenBest?.digest.hexadecimal ?? "",
      last: lastDigest,
      figures: figures.map { ($0.0.rawValue, $0.1.numbers) })
  }

  /// Writes an epoch's line, and the checkpoints if it is time.
  package func record(_ report: EpochReport, of trainer: Trainer) throws(TrainingError) {
    var line = report.json.members ?? []
    if report.epoch.isMultiple(of: LockResults.every(ofEpochs: report.epochs)) {
      let digest = Self.short(trainer.weightsDigest)
      digests.append((report.epoch, digest))
      line.append(.init("weights", .string(digest)))
    }
    try append(.object(line))
    if report.epoch.isMultiple(of: model.file.spec.checkpoint.every) { try writeIfTime(trainer) }
  }

  /// Writes a step's line where the file asks for it, and the checkpoints where it is time.
  package func record(_ report: StepReport, of trainer: Trainer) throws(TrainingError) {
    if let every = model.file.spec.train.logEvery, report.step.isMultiple(of: every) {
      try append(report.json)
    }
    if let every = model.file.spec.checkpoint.everySteps, report.step.isMultiple(of: every) {
      try writeIfTime(trainer)
    }
  }

  private func writeIfTime(_ trainer: Trainer) throws(TrainingError) {
    guard Self.now() - lastWriting >= Self.timesOfWriting * costOfWriting else { return }
    try write(trainer)
  }

  /// Writes all checkpoints as training stands, the best one if it is not that which was written last.
  ///
  /// - Returns: the digest of the best one.
  @discardableResult
  package func write(_ trainer: Trainer) throws(TrainingError) -> ContentDigest {
    let start = Self.now()
    let place = (trainer.epoch, trainer.step)
    let last = checkpoint(try trainer.lastTensors(), place)
    let best = try bestToWrite(trainer)
    do {
      lastDigest = try last.write(to: folder.last).hexadecimal
      if let best { writtenBest = (try best.write(to: folder.best), trainer.best?.step) }
      // The last of the three: what it does not know of is written again by who goes on from it.
      let written = trainer.state
      var state = checkpoint(written.tensors, place)
      state.trainer = written.numbers.serialized()
      try state.write(to: folder.state)
      lastWriting = Self.now()
      costOfWriting = lastWriting - start
    } catch {
      throw .recording(error.message)
    }
    guard let writtenBest else { preconditionFailure("no best weights were written") }
    return writtenBest.digest
  }

  /// Nil where it is written already. Before an epoch is finished the last ones are the best, and going
  /// back may take their step again.
  private func bestToWrite(_ trainer: Trainer) throws(TrainingError) -> Checkpoint? {
    if let step = trainer.best?.step, step == writtenBest?.step { return nil }
    return checkpoint(try trainer.bestTensors(), trainer.bestPlace)
  }

  func append(_ line: JSONValue) throws(TrainingError) {
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
    _ model: CheckedModel, threads: Int, data: JSONValue, changes: [String]
  ) -> JSONValue {
    .object(
      [
        .init("nnc", .string(nncVersion)), .init("model", .string(model.file.source.name)),
        .init("model_folder", .string(absolute(model.file.directory))),
        .init("threads", JSONValue(threads)), .init("data", data),
      ] + (changes.isEmpty ? [] : [.init("changed", .array(changes.map { .string($0) }))]))
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
