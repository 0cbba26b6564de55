import NNDiagnostics
import NNModel
import NNTensor
import NNYAML

/// The fields that inputs and targets share, before they are held against each other.
struct FeatureForm {
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
  var transforms: TransformList?
  var channels: Int?
  var background: Double?
  /// How many rows a sample is made of.
  var rowCount = 1
  var text = TextFields()

  /// Whether a field is written that only images have.
  private var hasImageFields: Bool {
    transforms != nil || channels != nil || background != nil
  }

  func check(_ rows: RowContent, _ reader: inout Reader) -> FeatureSpec? {
    if case .windows(let windows) = rows { return checkCharacters(windows, &reader) }
    let before = reader.diagnostics.count
    let names = columnNames(&reader)
    checkDuplicates(names, &reader)
    let isSeveral = names.count > 1 || names.contains { isPattern($0.value) }
    let type = type ?? (hasImageFields ? .image : isSeveral ? .vector : .number)
    checkFields(for: type, isSeveral: isSeveral, &reader)
    if let shape, type != .date, case .cells = rows,
      case .none = names.first(where: { isPattern($0.value) })
    {
      checkShape(
        shape, columnCount: names.count, numbers: names.count * rowCount, of: name, &reader)
    }
    guard reader.diagnostics.count == before else { return nil }
    var textSpec: TextSpec?
    if type == .text || type == .tokens {
      textSpec = checkText(type, &reader)
      guard textSpec != nil else { return nil }
    }
    let content: FeatureSpec.Content =
      switch type {
      case .text, .tokens:
        textSpec.map { .text($0) } ?? .number(NoScale(), word: NoScale.word)
      case .number, .vector, .date:
        .number(scale?.scale ?? NoScale(), word: scale?.word ?? NoScale.word)
      case .category: .category(role == .target ? .index : encode ?? .oneHot)
      case .ordinal: .category(.ordinal)
      case .binary: .binary(positive: positive)
      case .image:
        .image(
          ImageSpec(
            channels: channels, background: background ?? 0, transforms: transforms?.entries ?? [],
            pixels: shape.map {
              PixelColumns(
                shape: Shape($0.value),
                factor: (scale?.scale as? FactorScale).map { $0.by.value } ?? 1)
            }))
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
    if type != .text, type != .tokens { checkNoText(type, &reader) }
    if encode != nil, type != .category { misplaced("encode", belongs: "categories") }
    if type == .ordinal { checkOrdinal(&reader) }
    if type == .date { checkDate(&reader) }
    if classes != nil, type != .category, type != .ordinal {
      misplaced("classes", belongs: "categories")
    }
    if positive != nil, type != .binary { misplaced("positive", belongs: "binaries") }
    if shape != nil, !isNumber, type != .image { misplaced("shape", belongs: "numbers") }
    if scale != nil, !isNumber, type != .image || shape == nil {
      misplaced("scale", belongs: "numbers")
    }
    if type == .image {
      checkImage(&reader)
    } else {
      if transforms != nil { misplaced("transforms", belongs: "images") }
      if channels != nil { misplaced("channels", belongs: "images") }
      if background != nil { misplaced("background", belongs: "images") }
    }
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
    case .mode where type == .text || type == .tokens:
      misplaced("missing", value: ": mode", belongs: "numbers and categories")
    case .error, .drop, .mode: break
    }
    let isSequence =
      type == .category && (role == .target || encode == .index)
      || type == .image && shape != nil || type == .tokens
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

  /// Reports what images cannot be.
  private func checkImage(_ reader: inout Reader) {
    if role == .target {
      reader.error(
        "image-target", "'\(name)' is a target, and images are inputs alone", at: key("type"),
        help: "Images of one size can be predicted as numbers: take the type out.")
    }
    if let shape, ImageSize(rowShape: Shape(shape.value)) == nil {
      reader.error(
        "shape-mismatch", "the shape \(Shape(shape.value)) is none of an image", at: shape.range,
        help: "Images are [height, width], or [channels, height, width] with 1, 3 or 4 channels.")
    }
    if let scale, shape != nil, scale.scale.needsStatistics {
      reader.error(
        "field-not-for-type", "'scale: \(scale.word)' is for numbers, '\(name)' is an image",
        at: key("scale"), help: "Say scale: {factor: …}, and transforms: [{normalise: …}].")
    }
    if channels == 2 {
      reader.error(
        "wrong-type", "an image has 1, 3 or 4 channels, not 2", at: key("channels"),
        help: "1 is grey, 3 red, green and blue, 4 these and alpha.")
    }
  }

  /// Where a field of this feature is written.
  func key(_ field: String) -> SourceRange {
    node.mapping?.entries.first { $0.key == field }?.keyRange ?? node.range
  }
}
