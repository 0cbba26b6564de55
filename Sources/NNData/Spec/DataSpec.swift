import NNDiagnostics
package import NNModel
import NNTensor
package import NNYAML

/// The fields of the data section.
package struct DataFields: Section {
  @Field("Where all rows come from; 'split' says which are for what.")
  package var source: SourceReference? = nil

  @Field("How the rows of 'source' are divided; by default all are trained on.")
  package var split: SplitSpec? = nil

  @Field("Where the rows to train on come from, instead of 'source'.")
  package var train: SourceReference? = nil

  @Field("Where the rows to validate on come from, beside 'train'.")
  package var validation: SourceReference? = nil

  @Field("Where the rows of the last test come from, beside 'train'.")
  package var test: SourceReference? = nil

  @Field("What the network sees: names, each with its columns.")
  package var inputs: Features<InputFields>

  @Field("What the network learns to say: names, each with its columns.")
  package var targets: Features<TargetFields>? = nil

  // The mean is still over rows, not over their weights, so that a row's share does not depend on
  // what else is in its batch.
  @Field(
    "A column of numbers, at least 0: what each row's loss is multiplied by; metrics ignore it.")
  package var weight: Located<String>? = nil

  @Field("Makes samples of rows that follow each other, as time series need it.")
  package var windows: WindowSpec? = nil

  @Field(
    "How much memory data may take; by default a quarter of what there is. What is larger stays on disk."
  )
  package var memory: ByteSize? = nil

  @Field("Whether prepared samples are kept for the next training on the same data; see nnc cache.")
  package var cache: Bool = false

  package init() {}
}

/// The data section of a model file, checked as far as it can be without data.
package struct DataSpec: Sendable {
  /// Where the rows come from.
  package enum Origin: Sendable {
    case one(SourceReference, SplitSpec?)
    /// At least the rows to train on.
    case several([(SplitName, SourceReference)])
  }

  package let origin: Origin
  package let inputs: [FeatureSpec]
  package let targets: [FeatureSpec]
  /// How much each row's loss counts.
  package let weight: FeatureSpec?
  /// What the rows of all sources are made of.
  let rows: RowContent
  /// How samples are made of several rows; nil where each row is one.
  var windows: WindowSpec?
  /// How many bytes of memory the data may take.
  var memory = MemoryBudget.standard
  /// Whether prepared samples are kept.
  package private(set) var isCached = false

  /// The inputs, the targets and the weight, in this order.
  var features: [FeatureSpec] { inputs + targets + (weight.map { [$0] } ?? []) }

  /// Reads the section, or reports and returns nil.
  ///
  /// - needsTargets: whether a loss of the model compares with one.
  package static func read(
    _ node: YAMLNode, needsTargets: Bool = true, _ reader: inout Reader
  ) -> DataSpec? {
    guard let mapping = node.mapping else {
      return reader.wrongType(node, "a mapping of source, inputs and targets")
    }
    let before = reader.diagnostics.count
    let section = reader.readSection(DataFields.self, mapping, owner: "'data'", at: node.range)
    if needsTargets { requireTargets(mapping, at: node.range, &reader) }
    guard let section else { return nil }
    let origin = readOrigin(section, mapping, node.range, &reader)
    let rows = readRows(section, mapping, &reader)
    let windows = section.windows
    checkWindows(section, mapping, rows, &reader)
    let inputs = section.inputs.entries.compactMap {
      FeatureSpec(input: $0, rows, windows, &reader)
    }
    let targets =
      section.targets?.entries.compactMap { FeatureSpec(target: $0, rows, windows, &reader) } ?? []
    let weight = section.weight.map { FeatureSpec(weight: $0) }
    if case .windows = rows, let weight = section.weight {
      reader.error(
        "conflicting-fields", "the weight is a column of a table, and the source is a text",
        at: weight.range, help: "Take weight: out.")
    }
    checkTogether(inputs, targets, rows, &reader)
    if let weight { checkWeight(weight, inputs + targets, &reader) }
    guard let origin, reader.diagnostics.count == before else { return nil }
    var spec = DataSpec(
      origin: origin, inputs: inputs, targets: targets, weight: weight, rows: rows)
    spec.windows = windows
    if let memory = section.memory { spec.memory = memory.bytes }
    spec.isCached = section.cache
    return spec
  }

  /// Reports that there are no targets, unless their key is merely misspelt.
  private static func requireTargets(
    _ mapping: YAMLMapping, at range: SourceRange, _ reader: inout Reader
  ) {
    let declared = DataFields.fields
    let names = declared.map(\.name)
    let isMisspelt = mapping.entries.contains { entry in
      !names.contains(entry.key) && nearest(to: entry.key, among: names) == "targets"
    }
    guard let field = declared.first(where: { $0.name == "targets" })?.field,
      mapping["targets"] == nil, !isMisspelt
    else { return }
    reader.error(
      "missing-field",
      "'data' needs 'targets': what the network learns to say: names, each with its columns",
      at: range, help: "Write targets: followed by \(field.expectation).")
  }

  /// Reports a weight that is also something else.
  private static func checkWeight(
    _ weight: FeatureSpec, _ others: [FeatureSpec], _ reader: inout Reader
  ) {
    for column in weight.columns {
      if isPattern(column.value) {
        reader.error(
          "wrong-type", "the weight is one column, and '\(column.value)' may stand for several",
          at: column.range, help: "Name the column.")
      }
      for other in others where other.columns.contains(where: { $0.value == column.value }) {
        weightIsFeature(column, other, &reader)
      }
    }
  }

  static func weightIsFeature(
    _ column: Located<String>, _ other: FeatureSpec, _ reader: inout Reader
  ) {
    reader.error(
      "duplicate-column",
      "the column '\(column.value)' is both the weight and a part of '\(other.name)'",
      at: column.range, help: "Take it out of '\(other.name)'.",
      notes: [.init("the \(other.role.rawValue)", at: other.nameRange)])
  }

  /// The schema where names and shapes follow from the model file alone; nil where it takes the
  /// header (a pattern without a shape) or the data (the classes of a one-hot input).
  ///
  /// Classes of a category target are nil unless the file gives them.
  package func schemaWithoutData() -> DataSchema? {
    // Of typed columns each may be a tensor.
    func width(_ feature: FeatureSpec) -> Shape? {
      if case .typed = rows { return nil }
      return feature.hasExplicitColumns ? [feature.columns.count] : nil
    }
    let inputs = inputs.compactMap { input in
      input.shape(width: width(input), classCount: input.knownClassCount).map {
        DataSchema.Input(
          name: input.name, shape: $0, dataType: input.dataType, classes: input.knownClassCount,
          range: input.nameRange)
      }
    }
    let targets = targets.compactMap { target in
      target.targetType(width: width(target)).map {
        DataSchema.Target(name: target.name, type: $0, range: target.nameRange)
      }
    }
    guard inputs.count == self.inputs.count, targets.count == self.targets.count else {
      return nil
    }
    return DataSchema(inputs: inputs, targets: targets, hasWeights: weight != nil)
  }

  /// What the rows of the sources are made of; reports sources that do not go together, and a split
  /// that a text cannot have.
  private static func readRows(
    _ section: DataFields, _ mapping: YAMLMapping, _ reader: inout Reader
  ) -> RowContent {
    let references = [section.source, section.train, section.validation, section.test]
      .compactMap { $0 }
    guard let first = references.first else { return .cells }
    let windows = first.source.windows
    for reference in references.dropFirst()
    where reference.source.windows?.length != windows?.length {
      reader.error(
        "conflicting-fields",
        windows == nil || reference.source.windows == nil
          ? "one part is a text and the other a table"
          : "the windows of the parts have different lengths",
        at: reference.range, help: "Take the same kind of source for all parts.")
    }
    let split = mapping["split"]?.mapping?.entries ?? []
    var drawn = ["stratify", "by", "group", "time", "folds", "fold"]
    if section.split?.fields.shuffle == true { drawn.append("shuffle") }
    for entry in split where windows != nil && drawn.contains(entry.key) {
      reader.error(
        "conflicting-fields",
        "'\(entry.key)' draws rows, and the parts of a text follow each other",
        at: entry.keyRange, help: "Take it out.")
    }
    if let windows { return .windows(windows) }
    return references.contains { $0.source.isTyped } ? .typed : .cells
  }

  private static func readOrigin(
    _ section: DataFields, _ mapping: YAMLMapping, _ range: SourceRange, _ reader: inout Reader
  ) -> Origin? {
    let parts = [
      (SplitName.train, section.train), (.validation, section.validation), (.test, section.test),
    ]
    let given = parts.compactMap { name, reference in reference.map { (name, $0) } }
    func key(_ name: String) -> SourceRange {
      mapping.entries.first { $0.key == name }?.keyRange ?? range
    }
    let help = "Give either source and split, or train, validation and test with a source each."
    if let source = section.source {
      for (name, _) in given {
        reader.error(
          "conflicting-fields", "'\(name.rawValue)' cannot stand beside 'source'",
          at: key(name.rawValue), help: help)
      }
      return given.isEmpty ? .one(source, section.split) : nil
    }
    if section.split != nil {
      reader.error(
        "conflicting-fields", "'split' divides a 'source', and there is none", at: key("split"),
        help: help)
      return nil
    }
    guard section.train != nil else {
      reader.error(
        "missing-field", "'data' needs 'source': where the rows come from", at: range, help: help)
      return nil
    }
    return .several(given)
  }

  private static func checkTogether(
    _ inputs: [FeatureSpec], _ targets: [FeatureSpec], _ rows: RowContent,
    _ reader: inout Reader
  ) {
    // Whether a single column is a tensor, which an autoencoder may draw again, the file tells.
    let mayBeTensors = if case .typed = rows { true } else { false }
    for target in targets {
      if let input = inputs.first(where: { $0.name == target.name }) {
        reader.error(
          "duplicate-name", "an input and a target are both named '\(target.name)'",
          at: target.nameRange, help: "Rename one: layers refer to them by name.",
          notes: [.init("the input", at: input.nameRange)])
      }
      for input in inputs where !target.mayRepeat(input, mayBeTensors: mayBeTensors) {
        // Once for each pair is enough to say it.
        for column in target.columns where !isPattern(column.value) {
          guard let same = input.columns.first(where: { matches(column.value, pattern: $0.value) })
          else { continue }
          targetInInputs(column.value, input: same.range, target: column.range, &reader)
          break
        }
      }
    }
  }

  /// Reports a network that could read its answers.
  static func targetInInputs(
    _ column: String, input: SourceRange, target: SourceRange, _ reader: inout Reader
  ) {
    reader.error(
      "target-in-inputs", "the column '\(column)' is both an input and a target", at: input,
      help: "The network would see what it is to predict; take it out of the inputs. Only a target "
        + "of all columns of an input, as an autoencoder has it, may repeat them.",
      notes: [.init("the target", at: target)])
  }
}
