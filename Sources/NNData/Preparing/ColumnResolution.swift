import NNDiagnostics
import NNModel
import NNTensor

/// A feature with the columns of the data that it is made of.
struct ResolvedFeature: Sendable {
  let spec: FeatureSpec
  /// In the order of the list; those of a pattern in the order of the file.
  let columns: [String]
  /// The shape of the columns together.
  let width: Shape
  /// The classes that the file declares for all of its columns.
  let declaredClasses: [String]?

  /// The classes that are known without looking at rows.
  var classes: [String]? { spec.classes ?? declaredClasses }
}

extension DataSpec {
  /// Finds the columns of every feature in a table, reporting those that are not there.
  func resolve(
    in table: Table, _ reader: inout Reader
  ) -> [ResolvedFeature]? {
    let before = reader.diagnostics.count
    if reportDelimiter(of: table, &reader) { return nil }
    let inputs = inputs.map { resolve($0, in: table, &reader) }
    let targets = targets.map { resolve($0, in: table, &reader) }
    let weight = weight.map { resolve($0, in: table, &reader) }
    for target in targets {
      for input in inputs {
        let isCopy =
          (target.width.count > 1 || target.spec.textShift > 0) && target.columns == input.columns
        let mayRepeat =
          target.spec.window == nil
          ? isCopy : target.spec.mayRepeat(input.spec, mayBeTensors: true)
        guard !mayRepeat, let column = target.columns.first(where: input.columns.contains) else {
          continue
        }
        DataSpec.targetInInputs(
          column, input: input.spec.columns.first?.range ?? input.spec.nameRange,
          target: target.spec.nameRange, &reader)
      }
    }
    for other in inputs + targets {
      guard let column = weight?.spec.columns.first, other.columns.contains(column.value) else {
        continue
      }
      DataSpec.weightIsFeature(column, other.spec, &reader)
    }
    checkStratify(targets, in: table, &reader)
    checkSplitColumns(in: table, &reader)
    checkWindowColumns(in: table, &reader)
    let all = inputs + targets + (weight.map { [$0] } ?? [])
    return reader.diagnostics.count == before ? all : nil
  }

  /// Reports a header that another character divides: it would look like one strange column.
  private func reportDelimiter(of table: Table, _ reader: inout Reader) -> Bool {
    guard table.columnNames.count == 1, let header = table.columnNames.first,
      let reference = references.first?.1
    else { return false }
    let wanted = features.flatMap { $0.columns.map(\.value) }
    let written = divider(ofHeader: header) { name in
      wanted.contains { matches(String(name), pattern: $0) }
    }
    guard let written, !wanted.contains(header) else { return false }
    reader.error(
      "wrong-delimiter",
      "the header of \(described(table, reader)) is divided by '\(written)', which is not the "
        + "delimiter",
      at: reference.range, help: "Say csv: {path: \(table.name), delimiter: \"\(written)\"}.")
    return true
  }

  private func resolve(
    _ spec: FeatureSpec, in table: Table, _ reader: inout Reader
  ) -> ResolvedFeature {
    var columns: [String] = []
    var known: Set<String> = []
    var isFound = true
    for name in spec.columns {
      var found: [String] = []
      if table.column(name.value) != nil {
        found = [name.value]
      } else if isPattern(name.value) {
        found = table.columnNames.filter { matches($0, pattern: name.value) }
        if found.isEmpty { reportUnmatched(name, in: table, &reader) }
      } else {
        reportUnknown(name, among: table.columnNames, in: table, &reader)
      }
      isFound = isFound && !found.isEmpty
      for column in found where !known.insert(column).inserted {
        reader.error(
          "duplicate-column", "'\(spec.name)' takes the column '\(column)' twice",
          at: name.range, help: "'\(name.value)' matches it too.")
        break
      }
      columns += found
    }
    if isFound { checkWidth(spec, columns, in: table, &reader) }
    return ResolvedFeature(
      spec: spec, columns: columns, width: table.shape(of: columns),
      declaredClasses: table.classes(of: columns))
  }

  /// Checks what only the columns themselves can tell: how many a pattern matched, and how many
  /// numbers each holds.
  private func checkWidth(
    _ spec: FeatureSpec, _ columns: [String], in table: Table, _ reader: inout Reader
  ) {
    if case .image(let images) = spec.content, images.pixels == nil {
      return checkImages(spec, images, columns, in: table, &reader)
    }
    if !spec.isTokens, checkLists(spec, columns, in: table, &reader) { return }
    let numbers = table.shape(of: columns).count
    if let shape = spec.declaredShape, !spec.hasExplicitColumns || table.typed != nil {
      checkShape(
        shape, columnCount: columns.count, numbers: numbers * spec.rowCount, of: spec.name, &reader)
    }
    if case .image(let images) = spec.content {
      return checkPixels(spec, images, columns, in: table, &reader)
    }
    if spec.date != nil, numbers != columns.count {
      reader.error(
        "one-column", "a date is one value a row, '\(spec.name)' has columns of more",
        at: spec.columns.first?.range ?? spec.nameRange)
    }
    if spec.hasIndicator, numbers != columns.count {
      reader.error(
        "one-column", "'indicator' is for columns of one number a row, '\(spec.name)' has more",
        at: spec.columns.first?.range ?? spec.nameRange, help: "Take indicator: out.")
    }
    guard numbers > 1, !spec.takesSeveral,
      let tensor = columns.first(where: { table.shape(ofColumn: $0) != nil }),
      let shape = table.shape(ofColumn: tensor)
    else { return }
    reader.error(
      "one-column",
      "'\(spec.name)' takes one value a row, the column '\(tensor)' has \(shape.count) of them",
      at: spec.columns.first?.range ?? spec.nameRange,
      help: "Numbers, and categories as indices, may be of several.")
  }

  /// Checks that a column holds images, and that they can become what is asked for.
  private func checkImages(
    _ spec: FeatureSpec, _ images: ImageSpec, _ columns: [String], in table: Table,
    _ reader: inout Reader
  ) {
    let range = spec.columns.first?.range ?? spec.nameRange
    guard columns.count == 1, let place = table.column(columns[0]),
      let rows = table.typed?.columns[place].images, let shape = table.shape(ofColumn: columns[0]),
      let own = ImageSize(rowShape: shape)
    else {
      reader.error(
        "no-images", "the column '\(columns[0])' of \(described(table, reader)) holds no images",
        at: range,
        help: "Images come from image_folder, image_list, or arrays of [height, width] or "
          + "[channels, height, width].")
      return
    }
    let rule = images.pipeline(usualChannels: rows.usualChannels).rule
    if let reason = rows.refusal(of: rule) {
      reader.error(
        "no-images", "'\(columns[0])': \(reason)", at: range, help: "Take channels: out.")
    } else {
      images.check(
        ImageSize(channels: rule.channels, height: own.height, width: own.width), &reader)
    }
  }

  /// Checks that columns of numbers can be the pixels of what is asked for.
  private func checkPixels(
    _ spec: FeatureSpec, _ images: ImageSpec, _ columns: [String], in table: Table,
    _ reader: inout Reader
  ) {
    guard let own = ImageSize(rowShape: images.pixels?.shape ?? []) else { return }
    let range = spec.declaredShape?.range ?? spec.nameRange
    let hasImages = columns.contains { name in
      guard let place = table.column(name), let column = table.typed?.columns[place] else {
        return false
      }
      if case .tensors(let tensors) = column.values { return tensors is ImageColumn }
      return false
    }
    if hasImages {
      reader.error(
        "field-not-for-type", "'shape' is for columns of numbers, '\(spec.name)' holds images",
        at: range, help: "Say transforms: [{resize: [height, width]}].")
    } else if let channels = images.channels, channels != own.channels {
      reader.error(
        "no-images", "'\(spec.name)' has \(own.channels) channels, not \(channels)", at: range,
        help: "Take channels: out.")
    } else {
      images.check(own, &reader)
    }
  }

  private func checkStratify(
    _ targets: [ResolvedFeature], in table: Table, _ reader: inout Reader
  ) {
    guard case .one(_, let split?) = origin, let stratify = split.fields.stratify else { return }
    if let target = targets.first(where: { $0.spec.name == stratify.value }) {
      if target.width.count > 1 {
        reader.error(
          "stratify-values", "'\(stratify.value)' has several columns, stratify takes one",
          at: stratify.range)
      }
    } else if table.column(stratify.value) == nil {
      let names = targets.map(\.spec.name) + table.columnNames
      reportUnknown(stratify, among: names, in: table, &reader)
    }
  }

  /// Finds the other columns that a split names.
  private func checkSplitColumns(in table: Table, _ reader: inout Reader) {
    guard case .one(_, let split?) = origin else { return }
    for column in [split.fields.by, split.fields.group, split.fields.time].compactMap({ $0 })
    where table.column(column.value) == nil {
      reportUnknown(column, among: table.columnNames, in: table, &reader)
    }
  }

  func reportUnknown(
    _ name: Located<String>, among names: [String], in table: Table, _ reader: inout Reader
  ) {
    let suggestion = nearest(to: name.value, among: names)
    reader.error(
      "unknown-column", "there is no column '\(name.value)' in \(described(table, reader))",
      at: name.range, label: suggestion.map { didYouMean($0) },
      help: suggestion == nil ? "Its columns are \(some(table.columnNames))." : nil)
  }

  private func reportUnmatched(
    _ pattern: Located<String>, in table: Table, _ reader: inout Reader
  ) {
    // What the stars stand for is unknown; the rest may be misspelt.
    let fixed = String(pattern.value.filter { $0 != "*" })
    let heads = [1, 0, -1].flatMap { surplus in
      table.columnNames.map { String($0.prefix(max(fixed.count + surplus, 1))) }
    }
    let suggestion = nearest(to: fixed, among: heads + table.columnNames)
    reader.error(
      "unmatched-pattern",
      "no column of \(described(table, reader)) matches '\(pattern.value)'", at: pattern.range,
      label: suggestion.map { didYouMean(heads.contains($0) ? $0 + "*" : $0) },
      help: suggestion == nil ? "Its columns are \(some(table.columnNames))." : nil)
  }

  private func described(_ table: Table, _ reader: Reader) -> String {
    table.name == reader.file ? "the rows" : "'\(table.name)'"
  }
}

/// A list of names that fits in a message.
package func some(_ names: [String]) -> String {
  names.count <= 12
    ? listed(names) : names.prefix(8).joined(separator: ", ") + " and \(names.count - 8) more"
}
