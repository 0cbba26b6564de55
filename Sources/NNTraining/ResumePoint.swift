package import NNCheckpoint
import NNData
import NNDiagnostics
import NNEngine
import NNJSON
import NNModel
import NNTensor
package import NNYAML

/// A run that was stopped, and where it stood.
package struct ResumePoint {
  package let folder: RunFolder
  /// Nil of a run that was stopped before it was first written, which begins again.
  package let state: TrainerState?
  /// What the run has kept of itself; nil with the state.
  private let checkpoint: Checkpoint?

  /// Finds the latest run of a model, which must not be complete.
  package init(latestOf model: CheckedModel) throws(TrainingError) {
    let spec = model.file.spec
    do {
      guard
        let run = try RunFolder.latest(in: spec.checkpoint.folder, name: spec.name)
      else {
        throw TrainingError.resuming(
          "there is no run of '\(spec.name)' in '\(spec.checkpoint.folder)' to go on with",
          help: "Leave out --resume to begin one.")
      }
      folder = run
      let end = ResumePoint.json(run.run)?["end"]?.stringValue
      guard end != "completed", end != "stopped_early" else {
        throw TrainingError.resuming(
          "the latest run, '\(run.path)', is complete",
          help: "Leave out --resume to begin another one.")
      }
      checkpoint = fileSize(run.state) == nil ? nil : try Checkpoint(contentsOf: run.state)
    } catch let error as TrainingError {
      throw error
    } catch let error as CheckpointError {
      throw .resuming(error.message, help: "Begin anew, without --resume.")
    } catch {
      throw .resuming("\(error)", help: nil)
    }
    guard let checkpoint else {
      state = nil
      return
    }
    guard let text = checkpoint.trainer, let numbers = try? JSONValue.parse(text) else {
      throw .resuming(
        "'\(folder.state)' does not say where training stood", help: "Begin anew, without --resume."
      )
    }
    state = TrainerState(
      tensors: checkpoint.tensors.map { ($0.name, $0.tensor) }, numbers: numbers)
  }

  static func json(_ path: String) -> JSONValue? {
    guard case .success(let bytes) = readBytes(path) else { return nil }
    return try? JSONValue.parse(bytes)
  }

  /// What differs between the model file of the run and that of now.
  package func differences(to model: CheckedModel) -> [YAMLDifference] {
    guard case .success(let bytes) = readBytes(folder.model) else { return [] }
    let old = parseYAML(bytes: bytes, name: "model.yaml").node
    let new = parseYAML(SourceText(name: "model.yaml", text: model.file.resolvedText)).node
    guard let old, let new else { return [] }
    return old.differences(to: new)
  }

  /// Refuses a model whose file says something else than the run's, but for what was set by name.
  ///
  /// - settings: the paths that the command line sets.
  /// - Returns: the differences that are accepted.
  package func checkSame(
    as model: CheckedModel, accepting settings: [[String]]
  ) throws(TrainingError) -> [YAMLDifference] {
    let differences = differences(to: model)
    let accepted = settings.map { $0.joined(separator: ".") }
    let refused = differences.filter { difference in
      !accepted.contains { $0 == difference.path || difference.path.hasPrefix($0 + ".") }
    }
    guard refused.isEmpty else {
      let lines = refused.prefix(8).map {
        "  \($0.path): \(shown($0.old) ?? "nothing") in the run, \(shown($0.new) ?? "nothing") in the file"
      }
      let first = refused[0]
      throw .resuming(
        "the model file says something else than the run '\(folder.path)' was begun with\n"
          + lines.joined(separator: "\n")
          + (refused.count > 8 ? "\n  and \(refused.count - 8) more" : ""),
        help:
          "Change it back, or accept it by name: --set '\(first.path)=\(shown(first.new) ?? "null")' "
          + "--resume; or begin anew, without --resume.")
    }
    return differences
  }

  /// What this run, or one that it goes on with, was begun with otherwise: keys of the model file, the
  /// version, the instruction set. Where anything was, the file alone does not make its weights.
  func changes(by model: CheckedModel) -> [String] {
    let before = ResumePoint.json(folder.run)?["changed"]?.elements?.compactMap(\.stringValue) ?? []
    let now =
      differences(to: model).map(\.path) + (warnings(for: model).isEmpty ? [] : ["nnc"])
    return before + now.filter { !before.contains($0) }
  }

  /// Refuses data that is not what the run was begun with.
  func checkData(_ digests: String) throws(TrainingError) {
    // A run that was stopped before its first writing has said so when it was begun.
    let text = checkpoint?[.dataDigests]
    let begun = text.flatMap { try? JSONValue.parse($0) } ?? ResumePoint.json(folder.run)?["data"]
    guard let old = begun, let new = try? JSONValue.parse(digests), old != new else { return }
    let names = (old.members ?? []).map(\.name) + (new.members ?? []).map(\.name)
    let changed = names.first { old[$0] != new[$0] } ?? "its data"
    throw .resuming(
      "'\(changed)' is not what the run '\(folder.path)' was begun with: its SHA-256 differs",
      help: "Restore it, or begin anew, without --resume.")
  }

  /// What may make other bytes, though training can go on.
  package func warnings(for model: CheckedModel) -> [String] {
    let instructionSet = instructionSet(for: model.file.spec.train.precision.operands)
    var found: [String] = []
    if let version = checkpoint?[.version], version != nncVersion {
      found.append("the run was begun by nnc \(version), this is \(nncVersion)")
    }
    if let other = checkpoint?[.instructionSet], other != instructionSet {
      found.append(
        "the run was begun with \(other), this processor computes with \(instructionSet)")
    }
    return found
  }
}
