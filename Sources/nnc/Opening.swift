import ArgumentParser
import NNCheckpoint
import NNData
import NNDiagnostics
import NNGraph
import NNJSON
import NNTraining

/// Where the model file of a checkpoint lies, from which its data's paths start.
struct OriginOption: ParsableArguments {
  @Option(help: "The model file, where the run folder does not tell it.")
  var model: String?

  func directory(of checkpoint: String) throws -> String {
    if let model { return folder(of: model) }
    // The checkpoint lies in its run folder, or is named by it.
    for place in [folder(of: checkpoint), checkpoint] {
      let record = place.isEmpty ? "run.json" : place + "/run.json"
      if case .success(let bytes) = readBytes(record), let json = try? JSONValue.parse(bytes),
        let path = json["model_folder"]?.stringValue
      {
        return path
      }
    }
    throw Failure.input(
      "'\(checkpoint)' lies in no run folder, so the place of its data is not known",
      help: "Name the model file with --model, or the data with --data.")
  }
}

/// Opens a checkpoint for a command.
///
/// A run folder stands for the best weights in it.
func openTrainedModel(_ path: String, threads: Int) throws -> TrainedModel {
  let best = path + "/best.safetensors"
  let isRunFolder = if case .success = readBytes(best) { true } else { false }
  return try orReport { try TrainedModel(isRunFolder ? best : path, threads: threads) }
}

/// Runs a step and turns its failure into what a person reads.
func orReport<Value>(_ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch TrainedModelError.checkpoint(let message) {
    throw Failure.input(message)
  } catch TrainedModelError.model(let diagnostics, let source) {
    report(Checked<Never>(dataFindings: diagnostics, source))
    throw Failure.reported
  } catch let error as KernelError {
    throw Failure.input(error.message)
  }
}

/// Reads raw rows for a model; `-` is standard input.
func readTable(_ path: String, like model: TrainedModel) throws -> Table {
  let (table, diagnostics): (Table?, [Diagnostic])
  if path == "-" {
    (table, diagnostics) = Table.parse(
      readStandardInput(), name: "<standard input>", format: model.preprocessing.format)
  } else {
    let progress = ReadingProgress()
    defer { progress.end() }
    (table, diagnostics) = model.preprocessing.readTable(path: path, storage: progress.storage)
  }
  if let table { return table }
  report(Checked<Never>(dataFindings: diagnostics, nil))
  throw Failure.reported
}

/// A piece of a table that the command line names.
func requirePiece(_ index: Int, of table: Table) throws -> Table {
  let (piece, diagnostics) = table.piece(index)
  if let piece { return piece }
  report(Checked<Never>(dataFindings: diagnostics, nil))
  throw Failure.reported
}

extension Checked<Never> {
  /// Findings in a checkpoint's model, or in rows that the command line names.
  fileprivate init(dataFindings diagnostics: [Diagnostic], _ source: SourceText?) {
    let files = diagnostics.map { SourceFile(path: $0.file, openedPath: $0.file) }
    self.init(
      value: nil, diagnostics: diagnostics, source: source, files: source == nil ? files : [])
  }
}
