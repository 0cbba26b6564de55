import ArgumentParser
import NNCheckpoint
import NNData
import NNJSON
import NNModel
import NNTraining
import NNYAML

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a model.",
    discussion: """
      Checks everything first, then trains. What it makes goes to runs/<name>/<n>/: best.safetensors \
      and last.safetensors, metrics.jsonl, the model file as resolved. Ctrl-C ends the step and \
      saves. What it was made of and what it gave is kept in a lock beside the model file, for git; \
      --seed, --fold and --set leave that alone.

        nnc train models/iris.yaml
        nnc train --seed 3 --threads 1 --json models/iris.yaml
        nnc train --set optimizer.adamw.lr=3e-3 models/iris.yaml
        nnc train --resume models/iris.yaml
        nnc train --folds 5 models/iris.yaml
        nnc train --locked models/iris.yaml
      """)

  enum Log: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The model file.")
  var file: String

  @OptionGroup var threads: ThreadOption

  @Option(help: "Replaces the file's seed; recorded in the run.")
  var seed: Int?

  @Option(help: "The fold to validate on, from 1 to the folds of the split; recorded in the run.")
  var fold: Int?

  @Option(
    help: """
      Into how many folds the rows to train on are cut, in place of the file's. Without --fold each \
      of them is trained on and validated in turn, and the mean of their figures told.
      """)
  var folds: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Puts a value in place of the file's, checked as if it stood there; recorded in the run.",
      valueName: "key.key=value"))
  var settings: [String] = []

  @Flag(
    help: """
      Goes on with the latest run, to the bytes it would have given without a stop. What the file \
      says differently is refused unless --set says it.
      """)
  var resume = false

  @Flag(
    help: """
      Refuses to train, or fails after it, where anything is not as the lock beside the model file \
      says, which stays as it is.
      """)
  var locked = false

  @Flag(name: .customLong("no-lock"), help: "Leaves the lock beside the model file alone.")
  var noLock = false

  @Option(help: "How progress is told on standard error: text, or json with an object an epoch.")
  var log = Log.text

  @Flag(help: "Print one JSON document with the result on standard output.")
  var json = false

  func validate() throws {
    if locked, noLock { throw ValidationError("--locked and --no-lock exclude each other.") }
    if let fold, fold < 1 { throw ValidationError("--fold counts from 1.") }
    if let folds, folds < 2 { throw ValidationError("--folds must be at least 2.") }
    if let fold, let folds, fold > folds {
      throw ValidationError("--fold \(fold) is beyond --folds \(folds).")
    }
    if folds != nil, fold == nil, resume {
      throw ValidationError("--resume goes on with one run; say which --fold.")
    }
    for text in settings {
      do throws(SettingProblem) {
        _ = try YAMLSetting(text)
      } catch {
        throw ValidationError("\(error.message). \(error.help ?? "")")
      }
    }
    if let seed, seed < 0 { throw ValidationError("--seed must be at least 0, found \(seed).") }
  }

  func run() throws {
    guard let folds, fold == nil else {
      let outcome = try outcome(fold: fold)
      tell(outcome)
      if let failure = outcome.failure { throw failure }
      if outcome.end == .interrupted { throw Failure(code: 130, message: nil) }
      return
    }
    var outcomes: [TrainingOutcome] = []
    for fold in 1...folds {
      if log == .text { Console.error("fold \(fold) of \(folds)") }
      let outcome = try outcome(fold: fold)
      guard outcome.end != .interrupted else {
        tell(outcome)
        throw Failure(code: 130, message: nil)
      }
      outcomes.append(outcome)
    }
    let summary = FoldSummary(outcomes)
    Console.out(json ? summary.json.serialized(pretty: true) : summary.text)
  }

  /// Trains one model.
  private func outcome(fold: Int?) throws -> TrainingOutcome {
    var settings = try settings.map { try YAMLSetting($0) }
    if let folds { settings.append(try YAMLSetting("data.split.folds=\(folds)")) }
    let model = try requireModel(
      file, depth: .everything, settings: settings, seed: seed, fold: fold)
    let lacking = model.pinInstructionSet() + model.findings()
    guard lacking.isEmpty else {
      report(Checked<CheckedModel>(value: nil, diagnostics: lacking, source: model.file.source))
      throw Failure.reported
    }
    guard let data = model.prepared else { throw Failure.reported }
    if data.droppedRows > 0 {
      Console.error("note: \(data.droppedRows) rows with missing values were left out")
    }
    if data.droppedWindows > 0 {
      Console.error(
        "note: \(grouped(data.droppedWindows)) windows with missing values were left out")
    }
    do {
      let run = resume ? try resumePoint(of: model, settings) : nil
      return try train(model, data, threads: threads.count, resuming: run)
    } catch let error as TrainingError {
      throw Failure.input(error.message, help: error.help)
    }
  }

  /// Whether the command line puts anything in place of the file's, whose lock it then is not.
  private var changesFile: Bool {
    seed != nil || fold != nil || folds != nil || !settings.isEmpty
  }

  private var lockMode: LockKeeping.Mode {
    locked ? .holds : noLock || changesFile ? .none : .updates
  }

  /// The run to go on with, after what differs was accepted or refused.
  private func resumePoint(
    of model: CheckedModel, _ settings: [YAMLSetting]
  ) throws(TrainingError) -> ResumePoint {
    let run = try ResumePoint(latestOf: model)
    var accepted = settings.map(\.path)
    if seed != nil { accepted.append(["seed"]) }
    if fold != nil { accepted.append(["data", "split", "fold"]) }
    for difference in try run.checkSame(as: model, accepting: accepted) {
      Console.error("note: \(difference.path) is not what the run was begun with")
    }
    for warning in run.warnings(for: model) {
      Console.error("warning: \(warning); the bytes may be others")
    }
    return run
  }

  private func train(
    _ model: CheckedModel, _ data: PreparedData, threads: Int, resuming run: ResumePoint?
  ) throws -> TrainingOutcome {
    let files = try model.digestedFiles(data)
    let keeping = try LockKeeping(model, data, file: file, lockMode, files: files)
    let trainer = try Trainer(model, data, threads: threads)
    let initial = trainer.weightsDigest
    if let run, let state = run.state, try !trainer.restore(state) {
      throw TrainingError.resuming(
        "the state of '\(run.folder.path)' is not of this model",
        help: "Begin anew, without --resume.")
    }
    let recorder = try RunRecorder(model, data, threads: threads, resuming: run, files: files)
    var progress = Progress(model.file.spec.name, log: log, threads: threads)
    Interruption.listen()
    progress.begin(trainer, data)
    if run != nil {
      Console.error(
        "going on in \(recorder.folder.path) after step \(grouped(trainer.step)), in epoch "
          + "\(max(trainer.epoch, 1))")
    }
    let (end, digest) = try recorder.train(
      trainer, isInterrupted: { Interruption.isRequested }, onEvent: { progress.show($0) })
    progress.end(end, trainer)
    let figures = end == .interrupted ? [] : try trainer.figuresOfBest(data)
    var kept = LockKeeping.Outcome()
    if end != .interrupted {
      kept = keeping.end(
        recorder.results(of: trainer, initial: initial, figures: figures),
        changes: recorder.changes)
    }
    if let note = kept.note {
      Console.error(
        log == .json ? (["note": .string(note)] as JSONValue).serialized() : note + "\n")
    }
    return TrainingOutcome(
      model: model, trainer: trainer, folder: recorder.folder, digest: digest, figures: figures,
      end: end, lock: kept.json, failure: kept.failure)
  }

  // MARK: The result

  private func tell(_ outcome: TrainingOutcome) {
    let (model, trainer) = (outcome.model, outcome.trainer)
    let (folder, figures) = (outcome.folder, outcome.figures)
    if json {
      Console.out(outcome.json.serialized(pretty: true))
      return
    }
    if let first = figures.first {
      var table = TextTable(
        [("best weights (epoch \(trainer.bestPlace.epoch))", false)]
          + first.1.numbers.map { ($0.name, true) })
      for (split, row) in figures {
        table.add([split.rawValue] + row.numbers.map { figure($0.value) })
      }
      Console.out(table.text + "\n")
    }
    // The last part is what the model has seen the least of.
    if let (split, last) = figures.last {
      for (name, table) in last.tables {
        Console.out(text(of: table, named: "\(split.rawValue) \(name)") + "\n")
      }
    }
    Console.out("weights  \(folder.best)\nsha256   \(outcome.digest)")
    if outcome.end == .interrupted {
      Console.error(
        """

        the last weights are in \(folder.last); to go on, to the same bytes as without a stop:
          \(CommandLine.arguments.first ?? "nnc") train --resume \(file)
        """)
      return
    }
    // As the person called it, so that the lines can be copied.
    let nnc = CommandLine.arguments.first ?? "nnc"
    var next = ["inspect \(folder.best)", "evaluate \(folder.best)"]
    if let rows = example(model) { next.append("predict \(folder.best) \(rows)") }
    Console.error("\nnext: " + next.map { "\(nnc) \($0)" }.joined(separator: "\n      "))
  }

  /// The first data file, by the shortest path from here.
  private func example(_ model: CheckedModel) -> String? {
    let files = model.file.data.sourceFiles(baseDirectory: model.file.directory)
    guard let path = files.first?.openedPath else { return nil }
    var parts: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != "." {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
