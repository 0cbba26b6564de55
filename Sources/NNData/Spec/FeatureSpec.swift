package import NNDiagnostics
package import NNModel
package import NNTensor
import NNYAML

/// One input or target as the model file declares it, checked in itself.
package struct FeatureSpec: Sendable {
  package enum Role: String, Sendable {
    case input
    case target
    case weight
  }

  /// What the columns hold; a vector is numbers in several columns.
  package enum Content: Sendable {
    case number(any Scale, word: String)
    case category(Encoding)
    case binary(positive: Located<String>?)
    /// So many characters of a text.
    case characters(Int)
  }

  package let role: Role
  package let name: String
  package let nameRange: SourceRange
  package let columns: [Located<String>]
  package let content: Content
  package let declaredShape: Located<[Int]>?
  package let missing: MissingPolicy
  /// The classes in the file, which then are all there are.
  package let classes: [String]?
  /// What is done to numbers before they are scaled.
  var steps = ScaleSteps.none
  /// What becomes of a column of dates; they are numbers from then on.
  var date: DateReading?
  /// Whether each column tells, as one more number, whether its value is missing.
  var hasIndicator = false
  /// Classes that stand for several words.
  var buckets = BucketSpec()

  /// Whether the names of the columns say how many there are.
  package var hasExplicitColumns: Bool { !columns.contains { isPattern($0.value) } }

  /// Whether it may be of more than one column.
  var isSeveral: Bool { columns.count > 1 || !hasExplicitColumns }

  /// Whether this target is what an input is, column by column: what an autoencoder draws again.
  ///
  /// - mayBeTensors: whether a single column may hold several numbers a row.
  func copies(_ input: FeatureSpec, mayBeTensors: Bool) -> Bool {
    columns.map(\.value) == input.columns.map(\.value) && (isSeveral || mayBeTensors)
  }

  /// The shape of one sample, or nil where it takes the header or the classes to know.
  ///
  /// - Parameters:
  ///   - width: the shape of its columns together, so many numbers or a tensor; nil is unknown.
  ///   - classCount: how many classes it has; nil is unknown.
  /// - Returns: the shape without the batch.
  func shape(width: Shape?, classCount: Int?) -> Shape? {
    switch content {
    case .number where date != nil || hasIndicator:
      width.map { [$0.count * (date?.width ?? 1) * (hasIndicator ? 2 : 1)] }
    case .number: declaredShape.map { Shape($0.value) } ?? width
    case .binary, .category(.ordinal): [1]
    case .characters(let length): [length]
    case .category(.index): width.map { isSeveral || $0 != [1] ? $0 : .scalar }
    case .category(.oneHot):
      role == .target ? .scalar : classCount.map { [$0] }
    }
  }

  /// The type of a target, or nil where it takes the header to know.
  package func targetType(width: Shape?) -> TargetType? {
    switch content {
    case .number: shape(width: width, classCount: nil).map { .number($0) }
    case .category:
      shape(width: width, classCount: nil).map { .category(classes: classes, shape: $0) }
    case .characters(let length): .category(classes: nil, shape: [length])
    // Without data the default cannot be known; an empty word stands for it.
    case .binary(let positive): .binary(positive: positive?.value ?? "")
    }
  }

  /// Whether a row may hold several values of it.
  var takesSeveral: Bool {
    switch content {
    case .number, .category(.index), .characters: true
    case .binary, .category(.oneHot), .category(.ordinal): false
    }
  }

  var dataType: DataType {
    switch content {
    case .category(.index), .characters: .int32
    case .number, .category, .binary: .float32
    }
  }

  /// Whether it takes the rows to know the classes that the network sees.
  var needsClasses: Bool {
    switch content {
    case .category(.oneHot): classes == nil
    case .characters: true
    case .number, .category, .binary: false
    }
  }
}

extension FeatureSpec {
  init?(
    input entry: Features<InputFields>.Entry, _ rows: RowContent, _ reader: inout Reader
  ) {
    let fields = entry.fields
    var form = FeatureForm(
      role: .input, name: entry.name, nameRange: entry.nameRange, node: entry.node,
      columns: fields.columns, column: fields.column, type: fields.type, shape: fields.shape,
      missing: fields.missing, classes: fields.classes)
    form.scale = fields.scale
    form.encode = fields.encode
    form.positive = fields.positive
    guard let spec = form.check(rows, &reader) else { return nil }
    self = spec
    // All are asked, so that all that is wrong is told.
    let taken = [
      takeDate(fields, entry.node, &reader), takeSteps(fields, entry.node, &reader),
      takeIndicator(fields, entry.node, &reader), takeBuckets(fields, entry.node, &reader),
    ]
    guard !taken.contains(false) else { return nil }
  }

  init?(
    target entry: Features<TargetFields>.Entry, _ rows: RowContent, _ reader: inout Reader
  ) {
    let fields = entry.fields
    var form = FeatureForm(
      role: .target, name: entry.name, nameRange: entry.nameRange, node: entry.node,
      columns: fields.columns, column: fields.column, type: fields.type, shape: fields.shape,
      missing: fields.missing.policy, classes: fields.classes)
    form.scale = fields.scale
    form.positive = fields.positive
    guard let spec = form.check(rows, &reader) else { return nil }
    self = spec
    guard takeSteps(fields, entry.node, &reader) else { return nil }
  }

  /// The weight of each row, a column of numbers as they are.
  init(weight column: Located<String>) {
    self.init(
      role: .weight, name: column.value, nameRange: column.range, columns: [column],
      content: .number(NoScale(), word: NoScale.word), declaredShape: Located([], at: column.range),
      missing: .error, classes: nil)
  }
}

/// The fields that inputs and targets share, before they are held against each other.
private struct FeatureForm {
  let role: FeatureSpec.Role
  let name: String
  let nameRange: SourceRange
  let node: YAMLNode
  let columns: ColumnNames?
  let column: Located<String>?
  let type: ColumnType?
  let shape: Located<[Int]>?
  let missing: MissingPolicy
  let classes: [Located<String>]?
  var scale: ScaleReference?
  var encode: Encoding?
  var positive: Located<String>?

  func check(_ rows: RowContent, _ reader: inout Reader) -> FeatureSpec? {
    if case .windows(let windows) = rows { return checkCharacters(windows, &reader) }
    let before = reader.diagnostics.count
    let names = columnNames(&reader)
    checkDuplicates(names, &reader)
    let isSeveral = names.count > 1 || names.contains { isPattern($0.value) }
    let type = type ?? (isSeveral ? .vector : .number)
    checkFields(for: type, isSeveral: isSeveral, &reader)
    if let shape, type != .date, case .cells = rows,
      case .none = names.first(where: { isPattern($0.value) })
    {
      checkShape(shape, columnCount: names.count, of: name, &reader)
    }
    guard reader.diagnostics.count == before else { return nil }
    let content: FeatureSpec.Content =
      switch type {
      case .number, .vector, .date:
        .number(scale?.scale ?? NoScale(), word: scale?.word ?? NoScale.word)
      case .category: .category(role == .target ? .index : encode ?? .oneHot)
      case .ordinal: .category(.ordinal)
      case .binary: .binary(positive: positive)
      }
    return FeatureSpec(
      role: role, name: name, nameRange: nameRange, columns: names, content: content,
      declaredShape: shape, missing: missing, classes: classes?.map(\.value))
  }

  private func columnNames(_ reader: inout Reader) -> [Located<String>] {
    if columns != nil, column != nil {
      reader.error(
        "conflicting-fields", "'\(name)' has both 'column' and 'columns'", at: key("column"),
        help: "Keep one of them.")
    }
    return columns?.names ?? [column ?? Located(name, at: nameRange)]
  }

  /// A column of a text, about which there is nothing more to say.
  private func checkCharacters(
    _ windows: WindowFormat, _ reader: inout Reader
  ) -> FeatureSpec? {
    let before = reader.diagnostics.count
    let names = columnNames(&reader)
    if names.count > 1 || names.contains(where: { isPattern($0.value) }) {
      reader.error(
        "one-column", "'\(name)' takes one column of a text: \(listed(WindowedText.columnNames))",
        at: key(columns == nil ? "column" : "columns"))
    }
    for entry in node.mapping?.entries ?? [] where !["column", "columns"].contains(entry.key) {
      reader.error(
        "field-not-for-type",
        "'\(entry.key)' is for tables, '\(name)' is the characters of a text", at: entry.keyRange,
        help: "Characters are indices; look their vectors up with embedding.")
    }
    guard reader.diagnostics.count == before else { return nil }
    return FeatureSpec(
      role: role, name: name, nameRange: nameRange, columns: names,
      content: .characters(windows.length), declaredShape: nil, missing: .error, classes: nil)
  }

  private func checkDuplicates(_ names: [Located<String>], _ reader: inout Reader) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name.value).inserted {
      reader.error(
        "duplicate-column", "'\(self.name)' names the column '\(name.value)' twice",
        at: name.range)
    }
    guard let classes else { return }
    var known: Set<String> = []
    for word in classes where !known.insert(word.value).inserted {
      reader.error("duplicate-class", "the class '\(word.value)' is given twice", at: word.range)
    }
    if classes.count < 2 {
      reader.error(
        "too-few-classes", "a category has at least two classes, found \(classes.count)",
        at: key("classes"))
    }
  }

  /// Reports fields that mean nothing for the type: nothing that is written is ignored.
  private func checkFields(for type: ColumnType, isSeveral: Bool, _ reader: inout Reader) {
    let isNumber = type == .number || type == .vector || type == .date
    func misplaced(_ field: String, value: String = "", belongs: String) {
      reader.error(
        "field-not-for-type",
        "'\(field)\(value)' is for \(belongs), '\(name)' is \(type.described)", at: key(field),
        help: self.type == nil ? "It is \(type.described) because no type is given." : nil)
    }
    if encode != nil, type != .category { misplaced("encode", belongs: "categories") }
    if type == .ordinal { checkOrdinal(&reader) }
    if type == .date { checkDate(&reader) }
    if classes != nil, type != .category, type != .ordinal {
      misplaced("classes", belongs: "categories")
    }
    if positive != nil, type != .binary { misplaced("positive", belongs: "binaries") }
    if shape != nil, !isNumber { misplaced("shape", belongs: "numbers") }
    if scale != nil, !isNumber { misplaced("scale", belongs: "numbers") }
    switch missing {
    case .mean, .median:
      if !isNumber { misplaced("missing", value: ": \(missing.shownInManual)", belongs: "numbers") }
    case .constant(let text, let range):
      if isNumber, type != .date, decimal(Array(text.utf8)) == nil {
        reader.error(
          "wrong-type", "expected a number, found the text '\(text)'", at: range,
          help: "It stands in the place of missing numbers.")
      }
    case .ignore:
      if type != .category { misplaced("missing", value: ": ignore", belongs: "categories") }
    case .error, .drop, .mode: break
    }
    let isSequence = type == .category && (role == .target || encode == .index)
    if !isNumber, isSeveral, !isSequence {
      reader.error(
        "one-column", "\(type.described) is made of one column, '\(name)' has several",
        at: key(columns == nil ? "column" : "columns"),
        help: "Declare one \(role.rawValue) for each.")
    }
  }

  /// Reports an order that is not told, or that nobody could predict.
  private func checkOrdinal(_ reader: inout Reader) {
    if role == .target {
      reader.error(
        "field-not-for-type", "'type: ordinal' is for inputs, '\(name)' is a target",
        at: key("type"), help: "Say type: category.")
    } else if classes == nil {
      reader.error(
        "missing-field", "'\(name)' needs 'classes': an ordinal has them in their order",
        at: nameRange, help: "Write classes: followed by all of them, the least first.")
    }
  }

  /// Reports what dates cannot be.
  private func checkDate(_ reader: inout Reader) {
    if role == .target {
      reader.error(
        "field-not-for-type", "'type: date' is for inputs, '\(name)' is a target", at: key("type"))
    }
    if shape != nil {
      reader.error(
        "field-not-for-type", "'shape' is for numbers, '\(name)' is a date", at: key("shape"))
    }
    if case .constant(_, let range) = missing {
      reader.error(
        "field-not-for-type", "'missing: {constant: …}' is one number, and a date gives several",
        at: range, help: "Say missing: drop, mean, median or mode.")
    }
  }

  /// Where a field of this feature is written.
  private func key(_ field: String) -> SourceRange {
    node.mapping?.entries.first { $0.key == field }?.keyRange ?? node.range
  }
}

/// Reports a shape that does not take as many numbers as there are columns.
///
/// - numbers: how many the columns hold, where they are not one each.
@discardableResult
func checkShape(
  _ shape: Located<[Int]>, columnCount: Int, numbers: Int? = nil, of name: String,
  _ reader: inout Reader
) -> Bool {
  var count = 1
  for size in shape.value {
    let (product, overflows) = count.multipliedReportingOverflow(by: size)
    count = overflows ? .max : product
  }
  guard count != numbers ?? columnCount else { return true }
  var columns = columnCount == 1 ? "1 column" : "\(columnCount) columns"
  if let numbers, numbers != columnCount { columns += " of \(numbers) numbers" }
  reader.error(
    "shape-mismatch",
    "the shape \(Shape(shape.value)) holds \(count == .max ? "too many" : "\(count)") numbers, "
      + "'\(name)' has \(columns)",
    at: shape.range)
  return false
}
