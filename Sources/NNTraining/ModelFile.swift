import NNCatalogue
package import NNData
package import NNDiagnostics
package import NNModel
import NNTensor
package import NNYAML

/// A model file as read, with everything that was found wrong.
package struct ModelFile: Sendable {
  package let source: SourceText
  package let root: YAMLNode
  package let spec: ModelSpec
  package let data: DataSpec
  /// The folder that relative paths start from; empty for the working directory.
  package let directory: String

  /// The file as it counts: without comments, with what the command line changed, and with values
  /// and layers in place of variables and blocks.
  package var resolvedText: String { writeYAML(root.withoutExpressions) }
}

/// What came of reading a file: a value where nothing is wrong, and the findings in any case.
package struct Checked<Value> {
  package let value: Value?
  package let diagnostics: [Diagnostic]
  /// The text the findings point into, where it could be read.
  package let source: SourceText?
  /// Files of data, which findings may point into too.
  package let files: [SourceFile]

  package init(
    value: Value?, diagnostics: [Diagnostic], source: SourceText?, files: [SourceFile] = []
  ) {
    self.value = value
    self.diagnostics = diagnostics.sortedForReading()
    self.source = source
    self.files = files
  }

  package var hasErrors: Bool { diagnostics.hasErrors }
}

/// A model that fits its data.
package struct CheckedModel: Sendable {
  package let file: ModelFile
  package let schema: DataSchema
  package let lowered: LoweredModel
  /// Present where the data was read.
  package let prepared: PreparedData?
  /// Whose tensors parameters begin with.
  package let tensorFiles: [SourceFile]
}

/// How much of the data a check reads.
package enum DataDepth: Sendable {
  case none
  /// The names of columns; all of small files, because then more can be told.
  case header
  case everything
}

extension ModelFile {
  /// Reads a model file from its text and checks all that can be checked.
  ///
  /// - name: how findings call the file.
  /// - directory: where relative paths start.
  /// - settings: values in place of those of the file.
  /// - seed: replaces the file's.
  /// - fold: replaces that of the file's split.
  /// - fitted: prepares the data with what was fitted before, as a checkpoint's must.
  /// - storage: where data goes that is too large for memory.
  package static func check(
    _ bytes: [UInt8], name: String, directory: String, depth: DataDepth,
    settings: [YAMLSetting] = [], seed: Int? = nil, fold: Int? = nil,
    using fitted: Preprocessing? = nil, storage: DataStorage = .temporary
  ) -> Checked<CheckedModel> {
    let parsed = parseYAML(bytes: bytes, name: name)
    var reader = Reader(file: name, catalogue: .standard)
    reader.diagnostics = parsed.diagnostics
    var node = parsed.node
    for setting in settings {
      do throws(SettingProblem) {
        node = try node?.setting(setting)
      } catch {
        reader.error(
          "bad-setting", error.message, at: error.range ?? node?.range ?? .beginning,
          help: error.help)
        node = nil
      }
    }
    guard var root = node.flatMap({ reader.expanded($0) }) else {
      return Checked(value: nil, diagnostics: reader.diagnostics, source: parsed.source)
    }
    if let seed { root.setSeed(seed) }
    if let fold { root.setFold(fold) }
    let spec = reader.readModel(root)
    let data = root.mapping?["data"].flatMap {
      DataSpec.read($0, needsTargets: spec?.needsTargets ?? true, &reader)
    }
    let model = join(
      spec, data, root, parsed.source, directory, depth, fitted, storage, &reader)
    return Checked(
      value: reader.diagnostics.hasErrors ? nil : model, diagnostics: reader.diagnostics,
      source: parsed.source, files: data?.sourceFiles(baseDirectory: directory) ?? [])
  }

  /// The tree with the weights of classes as numbers; nil where it asks for none.
  private static func balanced(
    _ root: YAMLNode, _ data: PreparedData, _ reader: inout Reader
  ) -> YAMLNode? {
    do throws(StorageProblem) {
      return try root.withBalancedWeights(data)
    } catch {
      reader.error("no-storage", error.message, at: root.range, help: StorageProblem.help)
      return nil
    }
  }

  private static func join(
    _ spec: ModelSpec?, _ data: DataSpec?, _ root: YAMLNode, _ source: SourceText,
    _ directory: String, _ depth: DataDepth, _ fitted: Preprocessing?, _ storage: DataStorage,
    _ reader: inout Reader
  ) -> CheckedModel? {
    var prepared: PreparedData?
    var schema: DataSchema?
    if let data {
      switch depth.effective(for: data, directory) {
      case .none: schema = data.schemaWithoutData()
      case .header:
        schema = data.checkHeader(
          baseDirectory: directory, modelSeed: UInt64(spec?.seed ?? 0), storage: storage,
          &reader)
      case .everything:
        let entry = root.mapping?["data"].flatMap {
          data.cacheEntry(
            $0, seed: spec?.seed ?? 0, title: spec?.name ?? source.name, baseDirectory: directory,
            in: storage.folder)
        }
        prepared = data.load(
          baseDirectory: directory, modelSeed: UInt64(spec?.seed ?? 0), using: fitted,
          keptIn: entry, storage: storage, &reader)
        schema = prepared?.schema
      }
    }
    let tensorFiles = depth == .none ? [] : reader.readStoredTensors(baseDirectory: directory)
    guard var spec, let data else { return nil }
    let written = root
    var root = root
    if let balanced = prepared.flatMap({ balanced(root, $0, &reader) }) {
      // What was wrong with it was found before.
      var again = Reader(file: source.name, catalogue: .standard)
      root = balanced
      spec = again.readModel(balanced) ?? spec
    }
    if prepared != nil { reader.checkBalanced(root) }
    // Where the data could not be read, names are still checked, only shapes are not.
    let names = schema ?? data.schemaWithoutData() ?? data.schemaOfNames
    let lowered = reader.lower(spec, names, mode: .training)
    // A metric with a mistake in it may be the figure that is watched.
    if !spec.hasStandIns {
      reader.checkMonitors(spec, data, prepared, root)
      reader.checkMixing(spec, names, root)
      reader.checkOversampling(spec, names, written)
      let rows = prepared?.splits[.train].flatMap { rows in
        spec.train.oversample == nil
          ? rows.count : try? EpochRows(spec.train, rows, seed: spec.seed).count
      }
      reader.checkSchedules(spec, trainingRows: rows)
      if let lowered {
        reader.checkGroups(spec.optimizer, lowered.graph)
        let place = root.mapping?["optimizer"]?.range ?? root.range
        reader.checkMemory(of: spec.optimizer, lowered.graph, at: place)
      }
    }
    if let lowered { reader.checkWholeBatch(lowered, spec, root) }
    guard let lowered, schema != nil else { return nil }
    let file = ModelFile(
      source: source, root: root, spec: spec, data: data, directory: directory)
    return CheckedModel(
      file: file, schema: names, lowered: lowered, prepared: prepared, tensorFiles: tensorFiles)
  }
}

extension CheckedModel {
  /// The model without what only training has: for predictions and evaluation.
  package func lowered(for mode: LoweringMode) -> LoweredModel? {
    var reader = Reader(file: file.source.name, catalogue: .standard)
    return reader.lower(file.spec, schema, mode: mode)
  }
}

extension DataDepth {
  /// Files below this many bytes are read whole where a header is asked for.
  private static let smallFile = 1 << 18

  fileprivate func effective(for data: DataSpec, _ directory: String) -> DataDepth {
    guard self == .header else { return self }
    let isSmall = data.sourceFiles(baseDirectory: directory).allSatisfy { file in
      (file.byteCount ?? .max) <= DataDepth.smallFile
    }
    return isSmall ? .everything : .header
  }
}

extension DataSpec {
  /// Inputs and targets by name, their shapes unknown.
  fileprivate var schemaOfNames: DataSchema {
    DataSchema(
      inputs: inputs.map {
        .init(name: $0.name, shape: nil, dataType: .float32, range: $0.nameRange)
      },
      targets: targets.map {
        .init(
          name: $0.name, type: $0.targetType(width: nil) ?? .category(classes: nil),
          range: $0.nameRange)
      }, hasWeights: weight != nil)
  }
}

extension YAMLNode {
  /// Writes the fold to validate on into the split of a model file's tree.
  fileprivate mutating func setFold(_ fold: Int) {
    guard var root = mapping, let place = root.entries.firstIndex(where: { $0.key == "data" }),
      var data = root.entries[place].value.mapping
    else { return }
    let range = root.entries[place].keyRange
    let node = YAMLNode(
      .scalar(YAMLScalar(text: String(fold), isPlain: true, value: .int(fold))), at: range)
    let written = YAMLMapping.Entry(key: "fold", keyRange: range, value: node)
    let index = data.entries.firstIndex { $0.key == "split" }
    var split = index.flatMap { data.entries[$0].value.mapping } ?? YAMLMapping([])
    split.entries.removeAll { $0.key == "fold" }
    split.entries.append(written)
    if let index {
      data.entries[index].value.content = .mapping(split)
    } else {
      data.entries.append(
        .init(key: "split", keyRange: range, value: YAMLNode(.mapping(split), at: range)))
    }
    root.entries[place].value.content = .mapping(data)
    content = .mapping(root)
  }

  /// Writes a seed into a model file's tree.
  mutating func setSeed(_ seed: Int) {
    guard var mapping = mapping else { return }
    let node = YAMLNode(
      .scalar(YAMLScalar(text: String(seed), isPlain: true, value: .int(seed))), at: range)
    if let place = mapping.entries.firstIndex(where: { $0.key == "seed" }) {
      mapping.entries[place].value = node
    } else {
      let behind = mapping.entries.firstIndex { $0.key == "name" || $0.key == "nnc" } ?? -1
      mapping.entries.insert(
        .init(key: "seed", keyRange: range, value: node), at: behind + 1)
    }
    content = .mapping(mapping)
  }
}
