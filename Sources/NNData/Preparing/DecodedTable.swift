import NNDiagnostics

/// What it takes to decode a feature, before or after fitting.
struct FeatureReading {
  enum Missing {
    case error
    case drop
    case fill
  }

  let name: String
  let columns: [String]
  let holdsNumbers: Bool
  /// What becomes of dates; nil of all else.
  let date: DateReading?
  /// The words that are classes even if they look like a missing value.
  let classes: [String]
  let missing: Missing
  /// What to write in the model file against missing values.
  let wayOut: String
  /// Whether something is learnt from its values.
  var isFitted = true
  /// What is done to images, and the size that they become.
  var images: (pipeline: ImagePipeline, size: ImageSize)? = nil
  /// How texts and tokens are divided.
  var text: TextReading? = nil
}

extension ResolvedFeature {
  var reading: FeatureReading {
    let holdsNumbers = if case .number = spec.content { spec.date == nil } else { false }
    let missing: FeatureReading.Missing =
      switch spec.missing {
      case .error: .error
      case .drop: .drop
      default: .fill
      }
    let ways: String? =
      switch spec.role {
      case .target: "missing: drop"
      case .input:
        if case .text = spec.content {
          "missing: drop or {constant: …}"
        } else {
          "missing: drop, \(holdsNumbers ? "mean, median, " : "")mode or {constant: …}"
        }
      case .weight: nil
      }
    let wayOut = ways.map { "Fill it in, or say \($0) for '\(spec.name)'." }
    var reading = FeatureReading(
      name: spec.name, columns: columns, holdsNumbers: holdsNumbers, date: spec.date,
      classes: spec.classes ?? [],
      missing: missing, wayOut: wayOut ?? "Fill it in: every row needs a weight.")
    if case .text(let text) = spec.content {
      reading.text = text.reading
      reading.isFitted = text.reading.isSequence && text.knownVocabulary == nil
    }
    if case .number(let scale, _) = spec.content {
      let looksAtRows = [.mean, .median, .mode].contains(spec.missing)
      reading.isFitted = scale.needsStatistics || scale.needsValues || looksAtRows
    }
    if case .image(let images) = spec.content,
      let own = ImageSize(rowShape: images.pixels?.shape ?? width),
      let size = images.size(of: width)
    {
      reading.images = (images.pipeline(usualChannels: own.channels), size)
    }
    return reading
  }
}

extension FittedFeature {
  var reading: FeatureReading {
    let holdsNumbers = if case .number = content { date == nil } else { false }
    let missing: FeatureReading.Missing =
      switch missing {
      case .error: .error
      case .drop: .drop
      case .numbers, .word, .ignore: .fill
      }
    var reading = FeatureReading(
      name: name, columns: columns, holdsNumbers: holdsNumbers, date: date, classes: classes ?? [],
      missing: missing,
      wayOut: "Fill it in; the model was trained without a rule for missing values.")
    if case .text(let text, _) = content { reading.text = text }
    reading.isFitted = false
    if case .image(let pipeline) = content, let size = ImageSize(rowShape: shape) {
      reading.images = (pipeline, size)
    }
    return reading
  }
}

/// Some features of a table, decoded.
struct DecodedTable: Sendable {
  let table: Table
  let features: [RawFeature]
  /// The rows that stay, ascending.
  let rows: [Int]

  var droppedRows: Int { table.rowCount - rows.count }

  /// Decodes columns that are known to be there.
  ///
  /// - ofWindows: keeps all rows and reports no missing values, for only windows tell which are
  ///   wanted.
  init(
    _ table: Table, _ readings: [FeatureReading], ofWindows: Bool = false,
    _ problems: inout TableProblems
  ) {
    var features: [RawFeature] = []
    var isDropped = [Bool](repeating: false, count: table.rowCount)
    var cells = CellDecoding.features(readings, of: table)[...]
    for reading in readings {
      let columns = reading.columns.compactMap { table.column($0) }
      let decoded =
        if let windows = table.windows {
          RawFeature(
            name: reading.name, columns: columns,
            values: .characters(windows, offset: columns.first ?? 0), missing: [])
        } else if let images = reading.images, let pixels = images.pipeline.pixels {
          RawFeature.images(
            table.typed.map {
              RawFeature.numbers(reading.name, columns: columns, of: $0, in: table, &problems)
            } ?? RawFeature.numbers(reading.name, columns: columns, in: table, &problems),
            in: table, images.pipeline, pixels, size: images.size, &problems)
        } else if let typed = table.typed, let images = reading.images, let column = columns.first {
          RawFeature.images(
            reading.name, column: column, of: typed, in: table, images.pipeline,
            size: images.size, &problems)
        } else if let text = reading.text {
          RawFeature.texts(reading.name, columns: columns, in: table, text, &problems)
        } else if let typed = table.typed {
          reading.holdsNumbers
            ? RawFeature.numbers(reading.name, columns: columns, of: typed, in: table, &problems)
            : RawFeature.words(reading.name, columns: columns, of: typed, in: table, &problems)
        } else {
          take(&cells, &problems)
        }
      let feature = reading.date.map { decoded.dates($0, in: table, &problems) } ?? decoded
      features.append(feature)
      if reading.missing == .drop, !ofWindows {
        for cell in feature.missing { isDropped[cell.row] = true }
      }
    }
    // A value that is missing in a row that is left out anyway is no problem.
    for (reading, feature) in zip(readings, features)
    where reading.missing == .error && !ofWindows {
      problems.addMissing(feature, reading, in: table) { !isDropped[$0] }
    }
    self.table = table
    self.features = features
    rows = (0..<table.rowCount).filter { !isDropped[$0] }
  }

  init(table: Table, features: [RawFeature], rows: [Int]) {
    self.table = table
    self.features = features
    self.rows = rows
  }
}

/// The next feature of those that were decoded together.
private func take(
  _ features: inout ArraySlice<(RawFeature, TableProblems)>, _ problems: inout TableProblems
) -> RawFeature {
  guard let (feature, found) = features.popFirst() else {
    preconditionFailure("a feature of cells was not decoded")
  }
  problems.add(found)
  return feature
}

extension CellDecoding {
  /// The features that are numbers or words of cells, in their order, and what is wrong with each.
  fileprivate static func features(
    _ readings: [FeatureReading], of table: Table
  ) -> [(RawFeature, TableProblems)] {
    var cells = CellDecoding(table)
    for reading in readings where reading.isOfCells(of: table) {
      let columns = reading.columns.compactMap { table.column($0) }
      if reading.holdsNumbers || columns.isEmpty {
        cells.addNumbers(reading.name, columns: columns)
      } else {
        cells.addWords(reading.name, columns: columns, classes: reading.classes)
      }
    }
    return cells.decode()
  }
}

extension FeatureReading {
  /// Whether it takes numbers or words from cells, and does nothing else with them.
  fileprivate func isOfCells(of table: Table) -> Bool {
    table.windows == nil && table.typed == nil && images?.pipeline.pixels == nil && text == nil
  }
}

extension TableProblems {
  /// Reports the values of a feature that are missing in rows where they are wanted.
  mutating func addMissing(
    _ feature: RawFeature, _ reading: FeatureReading, in table: Table,
    where isWanted: (_ row: Int) -> Bool
  ) {
    var found = TableProblems()
    for (row, column) in feature.missing where isWanted(row) {
      let text = shortened(trimmed(table.content(row: row, column: column)))
      found.add(
        "missing-value", at: .cell(row: row, column: column),
        "\(table.rowName(row)), column '\(table.columnNames[column])' has no value"
          + (text.isEmpty ? "" : ": '\(text)' stands for none"),
        help: reading.wayOut)
    }
    add(found)
  }
}
