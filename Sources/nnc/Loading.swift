import NNData
import NNDiagnostics
import NNTraining

/// Reads and checks a model file for a command.
func checkModel(
  _ path: String, depth: DataDepth, seed: Int? = nil, fold: Int? = nil
) -> Checked<CheckedModel> {
  readModelFile(path) {
    let progress = ReadingProgress()
    defer { progress.end() }
    return ModelFile.check(
      $0, name: path, directory: folder(of: path), depth: depth, seed: seed, fold: fold,
      storage: progress.storage)
  }
}

/// Reads a model file for a look at its data.
func lookAtData(_ path: String, seed: Int?) -> Checked<DataLook> {
  readModelFile(path) {
    let progress = ReadingProgress()
    defer { progress.end() }
    return ModelFile.look(
      $0, name: path, directory: folder(of: path), seed: seed, storage: progress.storage)
  }
}

private func readModelFile<Value>(
  _ path: String, _ body: ([UInt8]) -> Checked<Value>
) -> Checked<Value> {
  switch readBytes(path) {
  case .success(let bytes): return body(bytes)
  case .failure(let failure):
    let diagnostic = Diagnostic(
      "unreadable-file", "cannot read the model file: \(failure.message)", file: path,
      at: .beginning, help: "Check the path; it is relative to where nnc is started.")
    return Checked(value: nil, diagnostics: [diagnostic], source: nil)
  }
}

/// Prints findings for people.
func report<Value>(_ checked: Checked<Value>) {
  let renderer = TerminalRenderer(colour: Console.hasColour)
  for text in checked.rendered(by: renderer) { Console.error(text + "\n") }
}

/// The model of a file, or its findings and the end of the command.
func requireModel(
  _ path: String, depth: DataDepth, seed: Int? = nil, fold: Int? = nil
) throws -> CheckedModel {
  var checked = checkModel(path, depth: depth, seed: seed, fold: fold)
  if checked.value == nil, !checked.hasErrors, depth == .header {
    // How many classes a target has, and so how wide a layer is, may take all of the data to know.
    checked = checkModel(path, depth: .everything, seed: seed, fold: fold)
  }
  report(checked)
  if let model = checked.value, !checked.hasErrors { return model }
  Console.error(
    summary(
      errors: checked.diagnostics.errorCount, warnings: checked.diagnostics.warningCount,
      files: 1))
  throw Failure.reported
}
