package import NNDiagnostics
import NNModel
import NNYAML

extension Preprocessing {
  /// Reads a new table: by its extension where that tells another kind of source than the training
  /// table's, else the way that was read.
  ///
  /// A table of cells that would take more than the usual memory stays in its file.
  package func readTable(
    path: String, memory: Int = MemoryBudget.standard, storage: DataStorage = .temporary
  ) -> (Table?, [Diagnostic]) {
    // A text needs to know how it is cut.
    if case .windows = format { return Table.read(path: path, format: format) }
    // A list of images is a table that means something else, and images need no list.
    let list: ImageListFormat? =
      if case .typed(let format) = format { format as? ImageListFormat } else { nil }
    if let list, imagesInside(path) != nil || hasSuffix(path, anyOf: ImageFormat.extensions) {
      return Table.read(path: path, format: .typed(ImageFolderFormat(column: list.column)))
    }
    guard let word = DataCatalogue.source(ofPath: path), word != format.word,
      word != TextSource.word, !(list != nil && word == CSVSource.word)
    else { return Table.read(path: path, format: format, memory: memory, storage: storage) }
    var reader = Reader(file: path, catalogue: Catalogue())
    let table = Table.readByExtension(path: path, &reader)
    // An array by itself has no name; where the network sees one column, it is that one.
    let inputs = Set(inputs.flatMap(\.columns))
    let column =
      table?.columnNames == [IDXFormat.defaultColumn] && inputs.count == 1 ? inputs.first : nil
    return (column.flatMap { table?.renaming(to: $0) } ?? table, reader.diagnostics)
  }

  /// Prepares a new table for prediction or evaluation; columns nobody asks for are ignored.
  ///
  /// - Parameters:
  ///   - table: raw rows with the columns of the inputs, in any order.
  ///   - needTargets: whether the targets are read too; else samples have none.
  /// - Returns: the samples, or what is wrong with the table.
  package func prepare(
    _ table: Table, needTargets: Bool
  ) -> (PreparedTable?, [Diagnostic]) {
    let features = needTargets ? self.features : inputs
    let needsNext = features.contains { $0.columns.contains(WindowedText.next) }
    let table = needsNext ? table : table.forPrediction
    let lacking = table.lacks(features.map(\.wanted))
    guard lacking.isEmpty else { return (nil, lacking) }
    if let stream = table.stream { return prepare(stream, of: table, features.map(\.reading)) }
    var problems = TableProblems()
    if table.windows != nil, table.rowCount == 0 {
      problems.add(
        "no-rows", at: .bytes(0..<0),
        "'\(table.name)' is one window long, and there is no character behind it to compare with")
    }
    let decoded = DecodedTable(table, features.map(\.reading), &problems)
    let prepared =
      problems.isEmpty
      ? samples(decoded, rows: decoded.rows, for: .new, fixed: [], &problems) : nil
    let diagnostics = problems.diagnostics(in: table)
    guard problems.isEmpty, let prepared else { return (nil, diagnostics) }
    return (
      PreparedTable(
        samples: prepared, rowNumbers: decoded.rows.map { $0 + 1 },
        droppedRows: decoded.droppedRows),
      []
    )
  }

  /// Prepares rows of a decoded table, whose features are the inputs and then, maybe, the targets and
  /// the weight.
  /// Of the features named in `fixed` the model file gives the classes.
  func samples(
    _ decoded: DecodedTable, rows: [Int], for part: PreparedPart, fixed: Set<String>,
    _ problems: inout TableProblems
  ) -> Samples {
    let arrays = zip(features, decoded.features).map { feature, raw in
      feature.apply(
        raw, rows: rows, of: decoded.table, for: part,
        hasFixedClasses: fixed.contains(feature.name), &problems)
    }
    let hasTargets = decoded.features.count > inputs.count
    if let weight, hasTargets, let raw = decoded.features.last {
      weight.checkWeights(raw, rows, of: decoded.table, &problems)
    }
    return Samples(
      count: rows.count, inputs: Array(arrays.prefix(inputs.count)),
      targets: Array(arrays.dropFirst(inputs.count).prefix(targets.count)),
      weights: weight != nil && hasTargets ? arrays.last : nil)
  }
}
