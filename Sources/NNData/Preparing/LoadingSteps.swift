// The steps of loading, in the order they are taken: read, resolve, decode, divide, fit, prepare.
// Each reports all it finds before the next one would build on it.
import NNDiagnostics
import NNModel

/// Some rows of a decoded table and what they are for.
struct Part {
  let name: SplitName
  let table: DecodedTable
  /// Ascending.
  let rows: [Int]
}

extension DataSpec {
  func readTables(
    _ amount: ReadAmount, _ baseDirectory: String, _ reader: inout Reader
  ) -> [Table]? {
    let references = references
    let tables = references.compactMap { _, reference in
      reference.source.read(amount, baseDirectory: baseDirectory, &reader)
    }
    return tables.count == references.count ? tables : nil
  }

  /// Finds the columns in the first table, and them again in the others.
  func resolve(in tables: [Table], _ reader: inout Reader) -> [ResolvedFeature]? {
    guard let features = resolve(in: tables[0], &reader) else { return nil }
    let others = Array(tables.dropFirst())
    return checkColumns(features.map(\.wanted), in: others, &reader) ? features : nil
  }

  func decode(
    _ tables: [Table], _ readings: [FeatureReading], _ reader: inout Reader
  ) -> [DecodedTable]? {
    let decoded = zip(tables, references).compactMap { table, reference -> DecodedTable? in
      if let stream = table.stream {
        return reader.storing(at: reference.1.range) {
          reader throws(StorageProblem) in
          try DecodedTable(stream, of: table, readings, &reader.diagnostics)
        }
      }
      var problems = TableProblems()
      let decoded = DecodedTable(table, readings, &problems)
      reader.diagnostics += problems.diagnostics(in: table)
      return problems.isEmpty ? decoded : nil
    }
    return decoded.count == tables.count ? decoded : nil
  }

  func divide(
    _ decoded: [DecodedTable], _ modelSeed: UInt64, _ reader: inout Reader
  ) -> [Part]? {
    for (table, (_, reference)) in zip(decoded, references) where table.rows.isEmpty {
      reader.error(
        "no-rows", "every row has a missing value and is dropped", at: reference.range,
        help: "Fill some in with missing: mean, median or {constant: …}.")
      return nil
    }
    switch origin {
    case .several(let references):
      return zip(references, decoded).map { Part(name: $0.0, table: $1, rows: $1.rows) }
    case .one(_, nil):
      return [Part(name: .train, table: decoded[0], rows: decoded[0].rows)]
    case .one(_, let split?):
      return divide(decoded[0], split, modelSeed, &reader)
    }
  }

  func fit(
    _ features: [ResolvedFeature], _ parts: [Part], _ reader: inout Reader
  ) -> Preprocessing? {
    guard let training = parts.first(where: { $0.name == .train }) else { return nil }
    let fitted = zip(features, training.table.features).compactMap { feature, raw in
      feature.fit(raw, rows: training.rows, &reader)
    }
    guard fitted.count == features.count else { return nil }
    return Preprocessing(
      format: training.table.table.format, inputs: Array(fitted.prefix(inputs.count)),
      targets: Array(fitted.dropFirst(inputs.count).prefix(targets.count)),
      weight: weight == nil ? nil : fitted.last)
  }

  /// Prepares the samples of all parts; those that take more memory than there is for them go to a
  /// file.
  func prepare(
    _ parts: [Part], _ preprocessing: Preprocessing, _ readings: [FeatureReading], isNew: Bool,
    storage: DataStorage, _ reader: inout Reader
  ) -> [SplitName: Samples]? {
    let sizes = parts.map {
      preprocessing.sampleBytes($0.table).multipliedReportingOverflow(by: $0.rows.count)
    }
    let isLarge =
      sizes.contains(where: \.overflow)
      || sizes.reduce(0) { $0 + $1.partialValue } > memory
    if isLarge || parts.contains(where: { $0.table.table.stream != nil }) {
      return file(parts, preprocessing, readings, isNew: isNew, storage, &reader)
    }
    var splits: [SplitName: Samples] = [:]
    var problems = parts.map { _ in TableProblems() }
    for (index, part) in parts.enumerated() {
      splits[part.name] = preprocessing.samples(
        part.table, rows: part.rows, for: preparedPart(part.name, isNew: isNew),
        fixed: fixedClasses,
        &problems[index])
    }
    return report(problems, in: parts.map(\.table.table), &reader) ? splits : nil
  }

  /// Reports what is wrong with the rows of each part; parts of one table share its list, so that its
  /// twenty are in reading order.
  ///
  /// - Returns: whether nothing is.
  func report(
    _ problems: [TableProblems], in tables: [Table], _ reader: inout Reader
  ) -> Bool {
    if references.count == 1, let table = tables.first {
      var all = TableProblems()
      for found in problems { all.add(found) }
      reader.diagnostics += all.diagnostics(in: table)
    } else {
      for (table, found) in zip(tables, problems) {
        reader.diagnostics += found.diagnostics(in: table)
      }
    }
    return problems.allSatisfy(\.isEmpty)
  }

  /// The features whose classes the model file gives.
  var fixedClasses: Set<String> {
    Set((inputs + targets).filter { $0.classes != nil }.map(\.name))
  }

  /// What messages say a part is.
  func preparedPart(_ name: SplitName, isNew: Bool) -> PreparedPart {
    isNew ? .new : references.count == 1 ? .split(name) : .source(name)
  }
}
