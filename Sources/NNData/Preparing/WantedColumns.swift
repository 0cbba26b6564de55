import NNDiagnostics
import NNModel
import NNTensor

/// The columns of a feature that is known from elsewhere, and how many values it takes from a row.
struct WantedColumns {
  let feature: String
  let columns: [String]
  /// Values of all columns together; nil of images, whose sizes are looked at one by one.
  let count: Int?
  /// Whether it takes whatever a row holds, as tokens do.
  var takesAny = false
}

extension ResolvedFeature {
  var wanted: WantedColumns {
    let isImage = if case .image(let images) = spec.content { images.pixels == nil } else { false }
    return WantedColumns(
      feature: spec.name, columns: columns, count: isImage ? nil : width.count,
      takesAny: spec.isTokens)
  }
}

extension FittedFeature {
  var wanted: WantedColumns {
    let count: Int? =
      switch content {
      case .image(let pipeline): pipeline.pixels?.shape.count
      case .number, .category(_, .index): valueCount
      case .category(_, .oneHot), .category(_, .ordinal), .binary, .characters, .text:
        columns.count
      }
    var takesAny = false
    if case .text(let text, _) = content { takesAny = text.pieces == .tokens }
    return WantedColumns(feature: name, columns: columns, count: count, takesAny: takesAny)
  }
}

extension Table {
  /// Why features cannot be made of this table: columns that it lacks, or whose rows hold more or
  /// fewer values.
  func lacks(_ features: [WantedColumns]) -> [Diagnostic] {
    let missing = features.flatMap(\.columns).filter { column($0) == nil }
    guard missing.isEmpty else { return [missingColumns(missing, in: self)] }
    // A row of a text is a window, whatever its length.
    guard windows == nil else { return [] }
    return features.compactMap { feature in
      let shape = shape(of: feature.columns)
      if feature.takesAny { return nil }
      guard let count = feature.count else { return lacksImages(feature.columns[0]) }
      guard shape.count != count else { return nil }
      let columns =
        feature.columns.count == 1
        ? "the column '\(feature.columns[0])'" : "the columns of '\(feature.feature)'"
      return Diagnostic(
        "shape-mismatch",
        "in '\(name)' a row of \(columns) holds \(counted(shape.count)), where '\(feature.feature)' "
          + "takes \(counted(count))",
        file: name, at: .beginning)
    }
  }

  private func lacksImages(_ column: String) -> Diagnostic? {
    guard let place = self.column(column), typed?.columns[place].images == nil else { return nil }
    return Diagnostic(
      "no-images", "the column '\(column)' of '\(name)' holds no images", file: name,
      at: .beginning, help: "Name a folder of images, an image, or a list of images.")
  }
}

private func counted(_ count: Int) -> String { count == 1 ? "one value" : "\(count) values" }

/// Checks that tables have the columns of features, with as many values in a row.
func checkColumns(
  _ features: [WantedColumns], in tables: [Table], _ reader: inout Reader
) -> Bool {
  let found = tables.flatMap { $0.lacks(features) }
  reader.diagnostics += found
  return found.isEmpty
}

/// Says which columns a table lacks, at its header.
private func missingColumns(_ missing: [String], in table: Table) -> Diagnostic {
  let others = missing.count == 1 ? "" : " and \(missing.count - 1) more"
  let suggestion = nearest(to: missing[0], among: table.columnNames)
  return Diagnostic(
    "missing-column", "'\(table.name)' has no column '\(missing[0])'\(others)", file: table.name,
    at: .beginning, label: suggestion.map { didYouMean($0) },
    help: "It has \(some(table.columnNames)).")
}
