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
    if let path = record(of: checkpoint)?["model_folder"]?.stringValue { return path }
    throw Failure.input(
      "'\(checkpoint)' lies in no run folder, so the place of its data is not known",
      help: "Name the model file with --model, or the data with --data.")
  }

  /// The model file, where anything tells it.
  func modelFile(of checkpoint: String) -> String? {
    if let model { return model }
    let record = record(of: checkpoint)
    guard let folder = record?["model_folder"]?.stringValue,
      let name = record?["model"]?.stringValue?.split(separator: "/").last
    else { return nil }
    return "\(folder)/\(name)"
  }

  /// Who names the model file asks for what it names.
  func trust(of checkpoint: String) -> PathTrust {
    model == nil ? .named(byModel: modelFile(of: checkpoint)) : .all
  }

  /// What a run folder says of the run; the checkpoint lies in it, or is named by it.
  private func record(of checkpoint: String) -> JSONValue? {
    for place in [folder(of: checkpoint), checkpoint] {
      let record = place.isEmpty ? "run.json" : place + "/run.json"
      if case .success(let bytes) = readBytes(record), let json = try? JSONValue.parse(bytes) {
        return json
      }
    }
    return nil
  }
}

/// The checkpoint that a path names: a run folder stands for the best weights in it.
func checkpointFile(_ path: String) -> String {
  let best = path + "/best.safetensors"
  return fileSize(best) == nil ? path : best
}

/// Opens a checkpoint for a command.
func openTrainedModel(_ path: String, threads: Int) throws -> TrainedModel {
  try orReport { try TrainedModel(checkpointFile(path), threads: threads) }
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
      input: readStandardInput(), name: "<standard input>", format: model.preprocessing.format)
  } else {
    let progress = ReadingProgress()
    defer { progress.end() }
    (table, diagnostics) = model.preprocessing.readTable(path: path, storage: progress.storage)
  }
  if let table { return table }
  report(Checked<Never>(dataFindings: diagnostics, nil))
  throw Failure.reported
}

/// Reads raw rows from files that are a column each, written COLUMN=PATH, or from one file of all
/// columns.
func readTable(_ files: [String], like model: TrainedModel) throws -> Table {
  let columns = Set((model.preprocessing.inputs + model.preprocessing.targets).flatMap(\.columns))
  let named = files.map { file -> (column: String, path: String)? in
    guard let sign = file.firstIndex(of: "="), columns.contains(String(file[..<sign])) else {
      return nil
    }
    return (String(file[..<sign]), String(file[file.index(after: sign)...]))
  }
  let parts = named.compactMap { $0 }
  if parts.isEmpty, files.count == 1 { return try readTable(files[0], like: model) }
  guard parts.count == files.count else {
    throw Failure.input(
      "several files of data are a column each, and '\(files[named.firstIndex { $0 == nil } ?? 0])' "
        + "does not say which",
      help: "Write \(columns.sorted().map { "--data \($0)=FILE" }.joined(separator: " ")).")
  }
  let tables = try parts.map { (name: $0.column, table: try readTable($0.path, like: model)) }
  for (part, table) in zip(parts, tables) where !table.table.isSingleColumn {
    throw Failure.input(
      "'\(part.path)' is not one column, as a file for '\(part.column)' is",
      help: "IDX and NumPy files hold one array each; a table is named without a column.")
  }
  let counts = tables.map(\.table.rowCount)
  if let other = counts.firstIndex(where: { $0 != counts[0] }) {
    throw Failure.input(
      "'\(parts[other].path)' has \(counts[other]) rows, '\(parts[0].path)' has \(counts[0])",
      help: "Files of columns hold the same rows.")
  }
  guard let table = Table.sideBySide(tables) else { throw Failure.reported }
  return table
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
