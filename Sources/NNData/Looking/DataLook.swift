import NNDiagnostics
package import NNModel
import NNTensor

/// What nnc sees in the data of a model file.
package struct DataLook: Sendable {
  /// A file of the data section with its columns.
  package struct Source: Sendable {
    package let name: String
    /// What it is for; nil where it is divided.
    package let part: SplitName?
    /// How many rows were looked at: all, or the first of a table too large for memory.
    package let rows: Int
    package let allRows: Int
    package let columns: [ColumnLook]
  }

  package let sources: [Source]
  package let parts: [PartLook]
  package let features: [FeatureLook]
  package let texts: [TextLook]
  package let droppedRows: Int
  package let concerns: [DataConcern]
  /// Whether an input is an image.
  package let hasImages: Bool
  /// Pictures of the samples to train on, where they are asked for and there are any.
  package let sheet: ImageSheet?
  /// The rows that an epoch takes where `train:` has those of rare classes taken several times, and
  /// of which target.
  package var oversampled: (target: String, rows: Int)?
  /// What there is to say of windows; nil where each row is a sample.
  package var windows: WindowLook?
}

/// A part of the rows.
package struct PartLook: Sendable {
  /// How often each class of a target occurs.
  package struct Classes: Sendable {
    package let name: String
    package let counts: [ColumnLook.WordCount]
  }

  package let name: SplitName
  /// How many samples it has: rows, or windows of them.
  package let rows: Int
  package let classes: [Classes]
  package var windows: PartWindows?
}

/// An input or a target, and what its values are after everything that is done to them.
package struct FeatureLook: Sendable {
  package let name: String
  package let role: FeatureSpec.Role
  package let columns: [String]
  package let shape: [Int]
  /// The first numbers of the first samples to train on.
  package let examples: [[Double]]
  /// The rows of their files that these were made of, from one.
  package let rows: [Int]
}

extension DataSpec {
  /// Reads all data as training does, and tells what is there.
  ///
  /// - Parameters:
  ///   - baseDirectory: the folder of the model file.
  ///   - modelSeed: divides the rows unless the split has a seed of its own.
  ///   - drawsImages: whether there is to be a sheet of pictures.
  ///   - storage: where data goes that is too large for memory.
  ///   - reader: takes what is wrong.
  /// - Returns: nil after reporting.
  package func look(
    baseDirectory: String, modelSeed: UInt64, drawsImages: Bool = false,
    storage: DataStorage = .temporary,
    _ reader: inout Reader
  ) -> DataLook? {
    if let windows {
      return look(windows, baseDirectory: baseDirectory, modelSeed: modelSeed, &reader)
    }
    guard let read = readTables(.within(bytes: memory, storage), baseDirectory, &reader),
      let tables = heads(of: read, &reader), let resolved = resolve(in: tables, &reader),
      let decoded = decode(tables, resolved.map(\.reading), &reader),
      let divided = divide(decoded, modelSeed, &reader),
      let preprocessing = fit(resolved, divided, &reader),
      let splits = prepare(
        divided, preprocessing, resolved.map(\.reading), isNew: false, storage: storage,
        &reader)
    else { return nil }

    let sources = references.indices.map { place in
      let (reference, table) = (references[place], tables[place])
      return DataLook.Source(
        name: table.name == reader.file ? "rows of the model file" : table.name, part: reference.0,
        rows: table.rowCount, allRows: read[place].rowCount,
        columns: table.columnNames.indices.map {
          ColumnLook(table, $0, uses: uses(of: table.columnNames[$0], resolved))
        })
    }
    let parts = divided.map { part in
      PartLook(
        name: part.name, rows: part.rows.count,
        classes: preprocessing.targets.compactMap { target in
          splits[part.name].flatMap { PartLook.Classes(target, $0) }
        })
    }
    let targetColumns = resolved.filter { $0.spec.role == .target }.flatMap(\.columns)
    let concerns =
      DataConcern.ofColumns(
        tables[0], sources[0].columns, targets: targetColumns.compactMap { tables[0].column($0) },
        texts: resolved.filter(\.spec.isText).flatMap(\.columns))
      + DataConcern.leaks(
        divided.compactMap { part in
          splits[part.name].map { (part.name, $0, part.rows.map { $0 + 1 }) }
        })
      + DataConcern.rareClasses(parts)
    return DataLook(
      sources: sources, parts: parts,
      features: features(preprocessing, resolved, splits[.train], divided.first?.rows ?? []),
      texts: texts(preprocessing, divided), droppedRows: decoded.reduce(0) { $0 + $1.droppedRows },
      concerns: concerns,
      hasImages: inputs.contains { if case .image = $0.content { true } else { false } },
      sheet: drawsImages
        ? splits[.train].flatMap {
          ImageSheet(
            preprocessing, $0, rows: divided.first { $0.name == .train }?.rows ?? [],
            seed: modelSeed)
        } : nil)
  }

  private func texts(_ preprocessing: Preprocessing, _ parts: [Part]) -> [TextLook] {
    guard let training = parts.first(where: { $0.name == .train }) else { return [] }
    return zip(preprocessing.features, training.table.features).enumerated().compactMap {
      TextLook(
        $1.0, $1.1, rows: training.rows, role: $0 < preprocessing.inputs.count ? .input : .target)
    }
  }

  /// The tables, of those too large for memory as many first rows as fit well.
  private func heads(of tables: [Table], _ reader: inout Reader) -> [Table]? {
    let heads = zip(tables, references).compactMap { table, reference -> Table? in
      guard let stream = table.stream else { return table }
      return reader.storing(at: reference.1.range) { _ throws(StorageProblem) in
        try stream.head(bytes: memory / 64)
      }
    }
    return heads.count == tables.count ? heads : nil
  }

  func uses(of column: String, _ features: [ResolvedFeature]) -> [ColumnLook.Use] {
    features.filter { $0.columns.contains(column) }.map {
      ColumnLook.Use(role: $0.spec.role, feature: $0.spec.name)
    }
  }

  func features(
    _ preprocessing: Preprocessing, _ resolved: [ResolvedFeature], _ samples: Samples?,
    _ rows: [Int]
  ) -> [FeatureLook] {
    guard let samples else { return [] }
    let arrays = samples.inputs + samples.targets
    return zip(arrays, resolved).map { array, feature in
      FeatureLook(
        array, role: feature.spec.role, columns: feature.columns, count: samples.count, rows: rows)
    }
  }
}

extension FeatureLook {
  private static let examples = 3
  private static let numbers = 8

  fileprivate init(
    _ array: FeatureArray, role: FeatureSpec.Role, columns: [String], count: Int, rows: [Int]
  ) {
    let size = array.sampleShape.count
    let shown = 0..<min(count, FeatureLook.examples)
    let numbers = min(size, FeatureLook.numbers)
    self.init(
      name: array.name, role: role, columns: columns, shape: array.sampleShape.sizes,
      examples: shown.map { sample in
        let range = sample * size..<sample * size + numbers
        return switch array.storage {
        case .float(let values): values[range].map(Double.init)
        case .index(let values): values[range].map(Double.init)
        case .filed: []
        }
      }, rows: shown.compactMap { $0 < rows.count ? rows[$0] + 1 : nil })
  }
}

extension PartLook.Classes {
  /// Counts the classes of a target; nil where it is a number, or has too many to look at.
  init?(_ target: FittedFeature, _ samples: Samples) {
    guard let classes = target.classes, classes.count <= 1000,
      let array = samples.targets.first(where: { $0.name == target.name })
    else { return nil }
    var counts = [Int](repeating: 0, count: classes.count)
    switch array.storage {
    case .index(let indices): for index in indices where index >= 0 { counts[Int(index)] += 1 }
    case .float(let values): for value in values { counts[value == 0 ? 0 : 1] += 1 }
    case .filed: return nil
    }
    // How often each piece of a text occurs says nothing about a part.
    switch target.content {
    case .characters, .text: return nil
    default: break
    }
    name = target.name
    self.counts = zip(classes, counts).map { ColumnLook.WordCount(word: $0, count: $1) }
  }
}
