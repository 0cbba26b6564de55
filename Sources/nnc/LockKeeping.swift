import NNCheckpoint
import NNData
import NNDiagnostics
import NNJSON
import NNTraining

/// What a training does about the lock beside its model file.
struct LockKeeping {
  enum Mode {
    /// Writes it, and tells what was otherwise before.
    case updates
    /// Refuses whatever is not as it says.
    case holds
    /// Leaves it as it is.
    case none
  }

  private let path: String
  private let mode: Mode
  private let old: LockReading
  private let conditions: LockConditions?

  /// Reads the lock, and refuses a training that is to be held to it and begins otherwise.
  init(
    _ model: CheckedModel, _ data: PreparedData, file: String, _ mode: Mode,
    files: [DigestedFile]
  ) throws {
    path = Lock.path(of: file)
    self.mode = mode
    guard mode != .none else {
      (old, conditions) = (.none, nil)
      return
    }
    let conditions = try LockConditions(model, data, files: files)
    self.conditions = conditions
    guard mode == .holds else {
      old = Lock.read(path)
      if case .damaged(let findings, let source, _) = old {
        report(Checked<Never>(value: nil, diagnostics: findings.asWarnings, source: source))
      }
      return
    }
    let lock = try requireLock(path, of: file)
    old = .lock(lock)
    let differences = lock.conditions.differences(to: conditions)
    guard differences.isEmpty else {
      throw Failure.input(
        "this is not the training that '\(path)' locks\n" + lines(differences),
        help: "Change it back, or train without --locked to lock it as it is now.")
    }
  }

  /// What became of the lock: in words, as JSON, and why the command fails.
  struct Outcome {
    var note: String?
    var json = JSONValue.null
    var failure: Failure?
  }

  /// Compares what training gave with the lock, and writes it where that is asked for.
  func end(_ results: LockResults, changes: [String]) -> Outcome {
    guard let conditions else { return Outcome() }
    guard changes.isEmpty else {
      return Outcome(
        note: "note: no lock is written, because the run was begun with other values: "
          + changes.joined(separator: ", "))
    }
    let lock = Lock(conditions: conditions, results: results)
    guard case .lock(let old) = old else { return write(lock, "lock: \(path) is new", []) }
    let differences =
      old.conditions.differences(to: conditions) + old.results.differences(to: results)
    if differences.isEmpty, old.text == lock.text {
      return Outcome(note: "lock: the same bytes as in \(path)", json: json([]))
    }
    guard mode == .holds else {
      // Where what weights are made of differs, that they do is no news.
      let areExpected = differences.contains { $0.kind == .input || $0.kind == .program }
      let told = differences.filter { !areExpected || $0.kind != .weights }
      return write(lock, "lock: \(path) is updated\n" + lines(told), differences)
    }
    return Outcome(
      json: json(differences),
      failure: Failure.input(
        "training gave something else than '\(path)' locks\n" + lines(differences),
        help: """
          The weights are kept in the run folder. Not the file, its data, the version or the \
          instruction set made the difference: a bug did, or a fault of the machine.
          """))
  }

  private func write(
    _ lock: Lock, _ note: String, _ differences: [LockDifference]
  ) -> Outcome {
    if case .damaged(_, _, false) = old {
      return Outcome(note: "warning: '\(path)' is no lock of this nnc, so it stays as it is")
    }
    do throws(CheckpointError) {
      try AtomicFile.write(lock.text, to: path)
      return Outcome(note: note, json: json(differences))
    } catch {
      return Outcome(note: "warning: no lock: \(error.message)")
    }
  }

  private func json(_ differences: [LockDifference]) -> JSONValue {
    ["path": .string(path), "differences": .array(differences.map(\.json))]
  }

  private func lines(_ differences: [LockDifference]) -> String { differenceLines(differences) }
}

/// Differences a line each, some of them.
func differenceLines(_ differences: [LockDifference]) -> String {
  let most = 16
  return
    (differences.prefix(most).map { "  \($0.message)" }
    + (differences.count > most ? ["  and \(differences.count - most) more"] : []))
    .joined(separator: "\n")
}

/// The lock of a model file, or why there is none and the end of the command.
func requireLock(_ path: String, of file: String) throws -> Lock {
  switch Lock.read(path) {
  case .lock(let lock): return lock
  case .none:
    throw Failure.input(
      "there is no lock '\(path)'", help: "nnc train \(file) makes it.")
  case .damaged(let findings, let source, _):
    report(Checked<Never>(value: nil, diagnostics: findings, source: source))
    throw Failure.reported
  }
}

extension [Diagnostic] {
  fileprivate var asWarnings: [Diagnostic] {
    map {
      Diagnostic(
        .warning, $0.code, $0.message, file: $0.file, at: $0.range, label: $0.label, help: $0.help)
    }
  }
}
