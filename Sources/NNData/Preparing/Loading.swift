import NNDiagnostics
package import NNModel

extension DataSpec {
  /// Reads the sources, divides, fits and prepares all rows, or reports and returns nil.
  ///
  /// - Parameters:
  ///   - baseDirectory: the folder of the model file.
  ///   - modelSeed: divides the rows unless the split has a seed of its own.
  ///   - fitted: prepares with what was fitted before instead of fitting anew, as an evaluation
  ///     of a checkpoint must.
  ///   - entry: where prepared samples are kept, if they are; what is there is taken from there.
  ///   - storage: where data goes that is too large for memory.
  ///   - reader: takes what is wrong.
  /// - Returns: nil after reporting.
  package func load(
    baseDirectory: String, modelSeed: UInt64, using fitted: Preprocessing? = nil,
    keptIn entry: CacheEntry? = nil, storage: DataStorage = .temporary, _ reader: inout Reader
  ) -> PreparedData? {
    if let windows {
      return loadWindows(windows, baseDirectory, modelSeed, using: fitted, &reader)
    }
    if let entry, fitted == nil, let kept = kept(in: entry, baseDirectory, &reader) { return kept }
    guard let tables = readTables(.within(bytes: memory, storage), baseDirectory, &reader) else {
      return nil
    }
    let resolved: [ResolvedFeature]
    let readings: [FeatureReading]
    if let fitted {
      let features = fitted.features
      guard checkColumns(features.map(\.wanted), in: tables, &reader) else { return nil }
      resolved = []
      readings = features.map(\.reading)
    } else {
      guard let features = resolve(in: tables, &reader) else { return nil }
      resolved = features
      readings = features.map(\.reading)
    }
    guard let decoded = decode(tables, readings, &reader),
      let parts = divide(decoded, modelSeed, &reader),
      let preprocessing = fitted ?? fit(resolved, parts, &reader),
      let splits = prepare(
        parts, preprocessing, readings, isNew: fitted != nil, storage: storage, &reader)
    else { return nil }
    var rows: [SplitName: [Int]] = [:]
    for part in parts { rows[part.name] = part.rows }
    let data = PreparedData(
      schema: schema(preprocessing), splits: splits, rows: rows, isCut: references.count == 1,
      preprocessing: preprocessing,
      droppedRows: decoded.reduce(0) { $0 + $1.droppedRows },
      sourceFiles: sourceFiles(baseDirectory: baseDirectory))
    if let entry, fitted == nil { keep(data, in: entry, &reader) }
    return data
  }

  /// Reads the names of the columns and checks all that follows from them.
  ///
  /// Rows are only read where a shape cannot be known without: for a text, or a one-hot input whose
  /// classes the model file does not give. Else the classes of category targets stay unknown.
  package func checkHeader(
    baseDirectory: String, modelSeed: UInt64 = 0, storage: DataStorage = .temporary,
    _ reader: inout Reader
  ) -> DataSchema? {
    guard let headers = readTables(.header, baseDirectory, &reader),
      let features = resolve(in: headers, &reader)
    else { return nil }
    guard (inputs + targets).contains(where: \.needsClasses) else { return headerSchema(features) }
    if let windows {
      return prepareWindows(windows, baseDirectory, modelSeed, using: nil, &reader)
        .map { schema($0.preprocessing) }
    }
    guard let tables = readTables(.within(bytes: memory, storage), baseDirectory, &reader),
      let decoded = decode([tables[0]], features.map(\.reading), &reader)
    else { return nil }
    // Which words are rare, or unknown, only the training rows tell.
    let hasBuckets = (inputs + targets).contains {
      if case .text = $0.content { true } else { $0.buckets != BucketSpec() }
    }
    if decoded[0].table.windows != nil || hasBuckets {
      return divide(decoded, modelSeed, &reader).flatMap { fit(features, $0, &reader) }.map(schema)
    }
    // Every class must be in the training rows, so those of all rows are the same.
    let all = Part(name: .train, table: decoded[0], rows: decoded[0].rows)
    return fit(features, [all], &reader).map(schema)
  }

  /// The files that the sources name, each once, in the order of the model file.
  package func sourceFiles(baseDirectory: String) -> [SourceFile] {
    var files: [SourceFile] = []
    for source in references.map(\.1.source) {
      for path in source.files.map(\.value).flatMap({
        matchingPaths($0, baseDirectory: baseDirectory) ?? [$0]
      }) {
        let file = SourceFile(
          path: path, openedPath: joinedPath(path, to: baseDirectory),
          namedImages: source.namedImages)
        if !files.contains(file) { files.append(file) }
      }
    }
    return files
  }

  /// The paths of the sources as they are written.
  package var writtenPaths: [String] { references.flatMap { $0.1.source.files.map(\.value) } }

  /// Whether a source names a file, maybe by a pattern.
  package func names(_ path: String) -> Bool {
    references.flatMap { $0.1.source.files.map(\.value) }.contains { written in
      let (folder, name) = splitPath(path)
      let pattern = splitPath(written)
      return path == written
        || isPattern(pattern.name) && folder == pattern.folder
          && matches(name, pattern: pattern.name)
    }
  }

  /// The sources with the parts they are for; nil is for all.
  var references: [(SplitName?, SourceReference)] {
    switch origin {
    case .one(let reference, _): [(nil, reference)]
    case .several(let references): references.map { ($0.0, $0.1) }
    }
  }

  private func headerSchema(_ features: [ResolvedFeature]) -> DataSchema {
    DataSchema(
      inputs: features.prefix(inputs.count).compactMap { input in
        let spec = input.spec
        return spec.shape(width: input.width, classCount: spec.knownClassCount).map {
          DataSchema.Input(
            name: spec.name, shape: $0, dataType: spec.dataType, classes: spec.knownClassCount,
            range: spec.nameRange)
        }
      },
      targets: features.dropFirst(inputs.count).prefix(targets.count).compactMap { target in
        target.spec.targetType(width: target.width).map {
          DataSchema.Target(name: target.spec.name, type: $0, range: target.spec.nameRange)
        }
      }, hasWeights: weight != nil)
  }

  /// The schema after fitting, with the places in the model file.
  func schema(_ preprocessing: Preprocessing) -> DataSchema {
    func range(_ name: String, _ specs: [FeatureSpec]) -> SourceRange {
      specs.first { $0.name == name }?.nameRange ?? .beginning
    }
    let schema = preprocessing.schema
    return DataSchema(
      inputs: schema.inputs.map {
        DataSchema.Input(
          name: $0.name, shape: $0.shape, dataType: $0.dataType, classes: $0.classes,
          range: range($0.name, inputs))
      },
      targets: schema.targets.map {
        DataSchema.Target(name: $0.name, type: $0.type, range: range($0.name, targets))
      }, hasWeights: schema.hasWeights)
  }
}
