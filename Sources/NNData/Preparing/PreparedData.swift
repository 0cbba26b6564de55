package import NNModel

/// A part of the data and what it is for.
package enum SplitName: String, CaseIterable, Sendable {
  case train
  case validation
  case test
}

/// Everything the data section gives to training.
package struct PreparedData: Sendable {
  package let schema: DataSchema
  /// Only the parts that have rows.
  package let splits: [SplitName: Samples]
  /// For each part, the data rows its samples were made from; they count from zero, without the
  /// header, and ascend.
  package let rows: [SplitName: [Int]]
  /// Whether the parts are cut from the rows of one source.
  package let isCut: Bool
  /// What was fitted on the training rows; it travels in the checkpoint.
  package let preprocessing: Preprocessing
  /// How many rows `missing: drop` left out.
  package let droppedRows: Int
  /// The files that were read, each once, in the order of the model file.
  package let sourceFiles: [SourceFile]
}

/// A data file by both its names.
package struct SourceFile: Sendable, Hashable {
  /// As the model file has it.
  package let path: String
  /// As it was opened: relative paths are joined to the model file's folder.
  package let openedPath: String

  package init(path: String, openedPath: String) {
    self.path = path
    self.openedPath = openedPath
  }
}

/// A table prepared with statistics that were fitted before.
package struct PreparedTable: Sendable {
  package let samples: Samples
  /// The data row of each sample; they count from one, without the header.
  package let rowNumbers: [Int]
  /// How many rows `missing: drop` left out.
  package let droppedRows: Int
}
