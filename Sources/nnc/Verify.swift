import ArgumentParser
import NNCheckpoint
import NNJSON
import NNTraining

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains again, and tells whether the bytes are those of the lock.",
    discussion: """
      Training keeps what it was made of and what it gave in a lock beside the model file. This \
      trains the file again in a folder of its own, which goes away, and compares: 0 where all is \
      the same to the byte, else 1 and what differs: keys of the file, data by name, the first epoch \
      after which weights were others, tensors, figures.

        nnc verify models/iris.yaml
        nnc verify --json models/*.yaml
      """)

  @Argument(help: "The model files.")
  var files: [String]

  @OptionGroup var threads: ThreadOption

  @Flag(help: "Print one JSON document on standard output.")
  var json = false

  func run() throws {
    var documents: [JSONValue] = []
    var failed = false
    for file in files {
      do {
        let outcome = try verify(file)
        failed = failed || !outcome.differences.isEmpty
        documents.append(outcome.json)
        if !json { Console.out(outcome.text) }
      } catch let error as Failure where error.code == 1 {
        if let message = error.message { Console.error(message) }
        failed = true
        documents.append(["file": .string(file), "same": false])
      }
    }
    if json { Console.out((["files": .array(documents)] as JSONValue).serialized(pretty: true)) }
    if failed { throw Failure.reported }
  }

  private struct Outcome {
    let file: String
    let lock: String
    let differences: [LockDifference]
    /// Nil where nothing was trained.
    let results: LockResults?
    let firstEpoch: Int?

    var text: String {
      guard let results, differences.isEmpty else {
        let what = results == nil ? "is not what" : "gave other bytes than"
        return "\(file)  \(what) \(lock) \(results == nil ? "locks" : "says")\n"
          + differenceLines(differences)
      }
      return "\(file)  same bytes: \(grouped(results.epochs)) epochs, best.safetensors "
        + String(results.best.prefix(16)) + "…"
    }

    var json: JSONValue {
      [
        "file": .string(file), "lock": .string(lock), "same": .bool(differences.isEmpty),
        "trained": .bool(results != nil),
        "first_epoch": firstEpoch.map { JSONValue($0) } ?? .null,
        "differences": .array(differences.map(\.json)),
      ]
    }
  }

  private func verify(_ file: String) throws -> Outcome {
    let path = Lock.path(of: file)
    let lock = try requireLock(path, of: file)
    let model = try requireModel(file, depth: .everything)
    let lacking = model.pinInstructionSet() + model.findings()
    guard lacking.isEmpty, let data = model.prepared else {
      report(Checked<CheckedModel>(value: nil, diagnostics: lacking, source: model.file.source))
      throw Failure.reported
    }
    do {
      let files = try model.digestedFiles(data)
      let conditions = try LockConditions(model, data, files: files)
      let differences = lock.conditions.differences(to: conditions)
      // Another file gives other weights, which need no training to know.
      guard differences.allSatisfy({ $0.kind == .program }) else {
        return Outcome(
          file: file, lock: path, differences: differences, results: nil, firstEpoch: nil)
      }
      let folder = try ScratchFolder(in: environment("TMPDIR") ?? "/tmp")
      let trainer = try Trainer(model, data, threads: threads.count)
      let initial = trainer.weightsDigest
      let recorder = try RunRecorder(
        model, data, threads: threads.count, in: folder.path, files: files)
      var progress = Console.isLive ? Progress(file, log: .text, threads: threads.count) : nil
      Interruption.listen()
      progress?.begin(trainer, data)
      let (end, _) = try recorder.train(
        trainer, isInterrupted: { Interruption.isRequested }, onEvent: { progress?.show($0) })
      progress?.end(end, trainer)
      if end == .interrupted { throw Failure(code: 130, message: nil) }
      let results = recorder.results(
        of: trainer, initial: initial, figures: try trainer.figuresOfBest(data))
      return Outcome(
        file: file, lock: path, differences: differences + lock.results.differences(to: results),
        results: results, firstEpoch: lock.results.firstDifference(to: results)?.epoch)
    } catch let error as TrainingError {
      throw Failure.input(error.message, help: error.help)
    } catch let error as CheckpointError {
      throw Failure.input(error.message)
    }
  }
}
