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
    case image(ImageSpec)
    /// A text or tokens, as indices or counts.
    case text(TextSpec)
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
  /// Which rows of a window it is made of; nil where a sample is one row.
  var window: WindowUse?

  /// Whether the names of the columns say how many there are.
  package var hasExplicitColumns: Bool { !columns.contains { isPattern($0.value) } }

  /// Whether it may be of more than one column.
  var isSeveral: Bool { columns.count > 1 || !hasExplicitColumns }

  /// Whether this target is what an input is, column by column: what an autoencoder draws again.
  ///
  /// - mayBeTensors: whether a single column may hold several numbers a row.
  func copies(_ input: FeatureSpec, mayBeTensors: Bool) -> Bool {
    columns.map(\.value) == input.columns.map(\.value)
      && (isSeveral || mayBeTensors || textShift > 0)
  }

  /// How many places further in its text a target stands than its input.
  var textShift: Int { if case .text(let text) = content { text.reading.shift } else { 0 } }

  /// The shape of one sample, or nil where it takes the header or the classes to know.
  ///
  /// - Parameters:
  ///   - width: the shape of its columns together, so many numbers or a tensor; nil is unknown.
  ///   - classCount: how many classes it has; nil is unknown.
  /// - Returns: the shape without the batch.
  func shape(width: Shape?, classCount: Int?) -> Shape? {
    let row = rowShape(width: width, classCount: classCount)
    guard let window else { return row }
    if case .number = content, let declaredShape { return Shape(declaredShape.value) }
    return row.map {
      window.shape(ofRow: $0, isClassOfTarget: role == .target && dataType == .int32)
    }
  }

  /// The shape of one row of it.
  private func rowShape(width: Shape?, classCount: Int?) -> Shape? {
    switch content {
    case .number where date != nil || hasIndicator:
      width.map { [$0.count * (date?.width ?? 1) * (hasIndicator ? 2 : 1)] }
    case .number: declaredShape.map { Shape($0.value) } ?? width
    case .binary, .category(.ordinal): [1]
    case .characters(let length): [length]
    case .text(let text): text.reading.shape
    case .image(let images): width.flatMap { images.size(of: $0) }?.shape
    case .category(.index): width.map { isSeveral || $0 != [1] ? $0 : .scalar }
    case .category(.oneHot):
      role == .target ? .scalar : classCount.map { [$0] }
    }
  }

  /// The type of a target, or nil where it takes the header to know.
  package func targetType(width: Shape?) -> TargetType? {
    switch content {
    case .number, .image: shape(width: width, classCount: nil).map { .number($0) }
    case .category:
      shape(width: width, classCount: nil).map { .category(classes: classes, shape: $0) }
    case .characters(let length): .category(classes: nil, shape: [length])
    case .text(let text):
      .category(classes: text.knownVocabulary?.classes, shape: text.reading.shape)
    // Without data the default cannot be known; an empty word stands for it.
    case .binary(let positive): .binary(positive: positive?.value ?? "")
    }
  }

  /// Whether a row may hold several values of it.
  var takesSeveral: Bool {
    switch content {
    case .number, .category(.index), .characters, .image: true
    case .text(let text): text.reading.pieces == .tokens
    case .binary, .category(.oneHot), .category(.ordinal): false
    }
  }

  var dataType: DataType {
    switch content {
    case .category(.index), .characters: .int32
    case .text(let text): text.reading.isSequence ? .int32 : .float32
    case .number, .category, .binary, .image: .float32
    }
  }

  /// Whether it takes the rows to know the classes that the network sees.
  var needsClasses: Bool {
    switch content {
    case .category(.oneHot): classes == nil
    case .characters: true
    case .text(let text): text.reading.isSequence && text.knownVocabulary == nil
    case .number, .category, .binary, .image: false
    }
  }
}

extension FeatureSpec {
  init?(
    input entry: Features<InputFields>.Entry, _ rows: RowContent, _ windows: WindowSpec? = nil,
    _ reader: inout Reader
  ) {
    let fields = entry.fields
    let window = WindowUse(fields, of: windows, entry.node, &reader)
    var form = FeatureForm(
      role: .input, name: entry.name, nameRange: entry.nameRange, node: entry.node,
      columns: fields.columns, column: fields.column, type: fields.type, shape: fields.shape,
      missing: fields.missing, classes: fields.classes)
    form.scale = fields.scale
    form.encode = fields.encode
    form.positive = fields.positive
    form.transforms = fields.transforms
    form.channels = fields.channels
    form.background = fields.background
    form.rowCount = window?.count ?? 1
    form.text = TextFields(fields)
    guard let spec = form.check(rows, &reader) else { return nil }
    self = spec
    self.window = window
    // All are asked, so that all that is wrong is told.
    let taken = [
      takeDate(fields, entry.node, &reader), takeSteps(fields, entry.node, &reader),
      takeIndicator(fields, entry.node, &reader), takeBuckets(fields, entry.node, &reader),
      checkWindow(entry.node, &reader),
    ]
    guard !taken.contains(false) else { return nil }
  }

  init?(
    target entry: Features<TargetFields>.Entry, _ rows: RowContent, _ windows: WindowSpec? = nil,
    _ reader: inout Reader
  ) {
    let fields = entry.fields
    let window = WindowUse(fields, of: windows, entry.node, &reader)
    var form = FeatureForm(
      role: .target, name: entry.name, nameRange: entry.nameRange, node: entry.node,
      columns: fields.columns, column: fields.column, type: fields.type, shape: fields.shape,
      missing: fields.missing.policy, classes: fields.classes)
    form.scale = fields.scale
    form.positive = fields.positive
    form.rowCount = window?.count ?? 1
    form.text = TextFields(fields)
    // With windows, rows are moved on and not what stands in a text.
    if windows != nil { form.text.shift = nil }
    guard let spec = form.check(rows, &reader) else { return nil }
    self = spec
    self.window = window
    guard takeSteps(fields, entry.node, &reader), checkWindow(entry.node, &reader) else {
      return nil
    }
  }

  /// The weight of each row, a column of numbers as they are.
  init(weight column: Located<String>) {
    self.init(
      role: .weight, name: column.value, nameRange: column.range, columns: [column],
      content: .number(NoScale(), word: NoScale.word), declaredShape: Located([], at: column.range),
      missing: .error, classes: nil)
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
