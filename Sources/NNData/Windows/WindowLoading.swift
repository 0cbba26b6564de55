// The steps of loading where samples are windows: read, resolve, decode, order, cut, fit, prepare.
import NNDiagnostics
import NNModel

extension DataSpec {
  /// Loads as ``load(baseDirectory:modelSeed:using:_:)`` does.
  func loadWindows(
    _ windows: WindowSpec, _ baseDirectory: String, _ modelSeed: UInt64,
    using fitted: Preprocessing?, _ reader: inout Reader
  ) -> PreparedData? {
    guard let prepared = prepareWindows(windows, baseDirectory, modelSeed, using: fitted, &reader)
    else { return nil }
    var rows: [SplitName: [Int]] = [:]
    for part in prepared.cut.parts {
      rows[part.name] = part.starts.map { part.table.order.rows[$0] }
    }
    return PreparedData(
      schema: schema(prepared.preprocessing), splits: prepared.splits, rows: rows,
      isCut: references.count == 1,
      preprocessing: prepared.preprocessing, droppedRows: 0,
      sourceFiles: sourceFiles(baseDirectory: baseDirectory),
      droppedWindows: prepared.cut.droppedWindows)
  }

  /// What loading and looking have in common.
  struct PreparedWindows {
    let tables: [Table]
    let resolved: [ResolvedFeature]
    let cut: WindowParts
    let preprocessing: Preprocessing
    let splits: [SplitName: Samples]
  }

  func prepareWindows(
    _ windows: WindowSpec, _ baseDirectory: String, _ modelSeed: UInt64,
    using fitted: Preprocessing?, _ reader: inout Reader
  ) -> PreparedWindows? {
    guard let tables = readTables(.everything, baseDirectory, &reader) else { return nil }
    var resolved: [ResolvedFeature] = []
    let features: [(reading: FeatureReading, use: WindowUse)]
    if let fitted {
      let wanted = fitted.features.map(\.wanted) + windows.format.wanted
      guard checkColumns(wanted, in: tables, &reader) else { return nil }
      features = fitted.features.map(\.windowReading)
    } else {
      guard let found = resolve(in: tables, &reader),
        checkColumns(windows.format.wanted, in: Array(tables.dropFirst()), &reader)
      else { return nil }
      resolved = found
      features = resolved.map(\.windowReading)
    }
    guard let ordered = order(tables, windows, features.map(\.reading), &reader),
      let cut = cutWindows(ordered, windows, features, modelSeed, &reader),
      let preprocessing = fitted ?? fit(resolved, cut, windows, &reader),
      checkSize(cut, preprocessing, windows, &reader),
      let splits = prepare(cut, preprocessing, isNew: fitted != nil, &reader)
    else { return nil }
    return PreparedWindows(
      tables: tables, resolved: resolved, cut: cut, preprocessing: preprocessing, splits: splits)
  }

  /// Decodes tables and puts their rows in order.
  private func order(
    _ tables: [Table], _ windows: WindowSpec, _ readings: [FeatureReading],
    _ reader: inout Reader
  ) -> [WindowedTable]? {
    var isClean = true
    let ordered = tables.map { table in
      var problems = TableProblems()
      let decoded = DecodedTable(table, readings, ofWindows: true, &problems)
      var places = TableProblems()
      let order = SeriesOrder(table, windows.format, &places)
      problems.add(places)
      reader.diagnostics += problems.diagnostics(in: table)
      isClean = isClean && problems.isEmpty
      return WindowedTable(decoded: decoded, order: order)
    }
    return isClean ? ordered : nil
  }

  private func fit(
    _ features: [ResolvedFeature], _ cut: WindowParts, _ windows: WindowSpec,
    _ reader: inout Reader
  ) -> Preprocessing? {
    guard let training = cut.parts.first(where: { $0.name == .train }) else { return nil }
    let table = training.table
    let rows = table.rows(of: training.starts, windows.format)
    let fitted = zip(features, table.decoded.features).compactMap { feature, raw in
      feature.fit(raw, rows: rows, windows: training.starts, table.order, &reader)
    }
    guard fitted.count == features.count else { return nil }
    return Preprocessing(
      format: table.table.format, inputs: Array(fitted.prefix(inputs.count)),
      targets: Array(fitted.dropFirst(inputs.count)), windows: windows.format)
  }

  private func checkSize(
    _ cut: WindowParts, _ preprocessing: Preprocessing, _ windows: WindowSpec,
    _ reader: inout Reader
  ) -> Bool {
    let count = cut.parts.reduce(0) { $0 + $1.starts.count }
    guard preprocessing.areTooLarge(windows: count, bytes: memory) else { return true }
    reader.error(
      "out-of-range",
      "\(count) windows of \(windows.fields.span) rows take more than the \(memory / 1_000_000) MB "
        + "of memory that there are for data",
      at: windows.range,
      help: "Make the stride larger, such as the length, or say memory: in 'data'.")
    return false
  }

  private func prepare(
    _ cut: WindowParts, _ preprocessing: Preprocessing, isNew: Bool, _ reader: inout Reader
  ) -> [SplitName: Samples]? {
    var splits: [SplitName: Samples] = [:]
    var problems = cut.parts.map { _ in TableProblems() }
    for (index, part) in cut.parts.enumerated() {
      splits[part.name] = preprocessing.samples(
        part.table, starts: part.starts, needTargets: true,
        for: preparedPart(part.name, isNew: isNew), fixed: fixedClasses, &problems[index])
    }
    return report(problems, in: cut.parts.map(\.table.table), &reader) ? splits : nil
  }
}

extension SeriesWindows {
  /// The columns it goes by, as features want theirs.
  var wanted: [WantedColumns] {
    columns.map { WantedColumns(feature: "windows", columns: [$0], count: 1) }
  }
}

extension ResolvedFeature {
  fileprivate var windowReading: (reading: FeatureReading, use: WindowUse) {
    (reading, spec.window ?? WindowUse(start: 0, count: 1, length: 1))
  }
}

extension FittedFeature {
  var windowReading: (reading: FeatureReading, use: WindowUse) {
    (reading, window ?? WindowUse(start: 0, count: 1, length: 1))
  }
}
