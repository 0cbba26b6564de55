import NNCheckpoint
import NNData
import NNDiagnostics
import NNModel
import NNTensor

extension Reader {
  /// Reads the tensors in files that initializers name, and reports those that cannot be had.
  ///
  /// Returns the files, each once.
  mutating func readStoredTensors(baseDirectory: String) -> [SourceFile] {
    var files: [SourceFile] = []
    for path in Set(storedTensors.map(\.tensor.file)).sorted() {
      let file = SourceFile(path: path, openedPath: joinedPath(path, to: baseDirectory))
      let mentions = storedTensors.filter { $0.tensor.file == path }
      guard let first = mentions.first else { continue }
      do throws(CheckpointError) {
        let content = try CheckpointReader(file.openedPath)
        try content.requireUnchanged()
        for mention in mentions { read(mention, content) }
        files.append(file)
      } catch {
        report(error, file, baseDirectory, at: first.fileRange)
      }
    }
    return files
  }

  private mutating func read(
    _ mention: StoredTensorMention, _ content: CheckpointReader
  ) {
    let tensor = mention.tensor
    guard givenTensors[tensor] == nil else { return }
    guard let entry = content.entry(named: tensor.name) else {
      let names = content.header.entries.map(\.name)
      let suggestion = nearest(to: tensor.name, among: names)
      let all = "It has \(listed(Array(names.prefix(10))))\(names.count > 10 ? ", …" : "")."
      error(
        "unknown-tensor", "'\(tensor.file)' has no tensor '\(tensor.name)'", at: mention.nameRange,
        label: suggestion.map(didYouMean),
        help: suggestion != nil ? nil : names.isEmpty ? "It has no tensors." : all)
      return
    }
    guard entry.type.isReal else {
      error(
        "tensor-type",
        "the tensor '\(tensor.name)' in '\(tensor.file)' is \(entry.type.rawValue), and parameters "
          + "are real numbers", at: mention.nameRange)
      return
    }
    givenTensors[tensor] = content.tensor(entry)
  }

  private mutating func report(
    _ error: CheckpointError, _ file: SourceFile, _ baseDirectory: String, at range: SourceRange
  ) {
    guard fileSize(file.openedPath) == nil else {
      self.error("bad-tensor-file", error.message, at: range)
      return
    }
    let suggestion = nearestPath(to: file.path, baseDirectory: baseDirectory)
    self.error(
      "file-not-found", "there is no file '\(file.path)'", at: range,
      label: suggestion.map(didYouMean),
      help: suggestion == nil
        ? "Paths are relative to the model file; this one is '\(file.openedPath)'." : nil)
  }
}

extension StoredType {
  /// Whether elements are numbers with a fraction.
  fileprivate var isReal: Bool {
    switch self {
    case .float32, .float16, .bfloat16, .float64: true
    case .int32, .int64, .int16, .uint16, .int8, .uint8, .bool: false
    }
  }
}
