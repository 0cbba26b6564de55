// Decodes a table that is too large for memory, chunk by chunk, and keeps in files what has to be
// looked at to learn statistics and words.
import NNDiagnostics
import NNModel

/// What has been decoded of a feature so far.
private enum FeatureFile {
  case numbers(FiledRows<Double>)
  case words(FiledRows<Int32>, WordCodes)
  /// Nothing is learnt of its rows; the first chunk tells what there is to know.
  case first(RawFeature.Values)
}

extension DecodedTable {
  /// Decodes a table in chunks.
  ///
  /// - findings: takes what is wrong in the first chunk where something is.
  /// - Returns: nil after finding something.
  init?(
    _ stream: CellStream, of table: Table, _ readings: [FeatureReading],
    _ findings: inout [Diagnostic]
  ) throws(StorageProblem) {
    let storage = stream.storage
    storage.meter?.begin("decoding \(table.name)", total: stream.rowCount)
    var files: [FeatureFile] = []
    var shapes: [RawFeature] = []
    var rows: [Int] = []
    rows.reserveCapacity(stream.rowCount)
    for (index, chunk) in stream.chunks.enumerated() {
      let part = try stream.table(index)
      var problems = TableProblems()
      let decoded = DecodedTable(part, readings, &problems)
      guard problems.isEmpty else {
        findings += problems.diagnostics(in: part)
        return nil
      }
      if index == 0 {
        shapes = decoded.features
        for (reading, feature) in zip(readings, shapes) {
          files.append(try FeatureFile(feature, isFitted: reading.isFitted, storage.folder))
        }
      }
      for (place, feature) in decoded.features.enumerated() {
        try files[place].append(feature.values)
      }
      for row in decoded.rows { rows.append(chunk.firstRow + row) }
      storage.meter?.add(chunk.rowCount)
    }
    let features = zip(shapes, files).map { feature, file in
      RawFeature(
        name: feature.name, columns: feature.columns, widths: feature.widths, values: file.values,
        missing: [])
    }
    self.init(table: table, features: features, rows: rows)
  }
}

extension FeatureFile {
  init(_ feature: RawFeature, isFitted: Bool, _ folder: CacheFolder) throws(StorageProblem) {
    switch feature.values {
    case .numbers where isFitted: self = .numbers(try FiledRows(width: feature.width, in: folder))
    case .words where isFitted:
      self = .words(try FiledRows(width: feature.width, in: folder), WordCodes())
    case .numbers: self = .first(.filedNumbers(try FiledRows(width: feature.width, in: folder)))
    case .words: self = .first(.words([], distinct: []))
    default: self = .first(feature.values)
    }
  }

  mutating func append(_ values: RawFeature.Values) throws(StorageProblem) {
    switch (self, values) {
    case (.numbers(var file), .numbers(let numbers)):
      try file.append(numbers)
      self = .numbers(file)
    case (.words(var file, var words), .words(let codes, let distinct)):
      // The words in the order in which the whole table has them.
      let known = distinct.map { words.code(of: $0) }
      try file.append(codes.map { $0 < 0 ? -1 : known[Int($0)] })
      self = .words(file, words)
    default: break
    }
  }

  var values: RawFeature.Values {
    switch self {
    case .numbers(let file): .filedNumbers(file)
    case .words(let file, let words): .filedWords(file, distinct: words.distinct)
    case .first(let values): values
    }
  }
}

extension Reader {
  /// Reports at a place in the model file that prepared data cannot be kept.
  mutating func report(_ problem: StorageProblem, at range: SourceRange) {
    error("no-storage", problem.message, at: range, help: StorageProblem.help)
  }
}
