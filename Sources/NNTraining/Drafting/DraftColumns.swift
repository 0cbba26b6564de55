import NNData
import NNModel
import NNTensor

/// The inputs of a draft, and what leads from them to one vector.
struct DraftColumns {
  /// Lines of the inputs section.
  private(set) var inputs: [String] = []
  /// Lines of the model section.
  private(set) var path: [String] = []
  /// Columns that are of no use, and why.
  private(set) var leftOut: [(name: String, why: String)] = []

  /// More words than these are looked up in a table of vectors.
  private static let mostOneHot = 32

  init(_ columns: [ColumnLook], rows: Int) {
    var numbers: [ColumnLook] = []
    var parts: [String] = []
    for column in columns {
      switch column.content {
      case .numbers(nil, _): leftOut.append((column.name, "it has no values"))
      case .numbers(_, let distinct), .words(_, let distinct):
        if distinct <= 1, column.missing == 0 {
          leftOut.append((column.name, "it has the same value in every row"))
        } else if let prose = column.prose {
          let text = DraftText(column, prose, number: parts.count + 1)
          inputs.append(text.input)
          path += text.path
          parts.append(text.id)
        } else if column.namesItsRow {
          leftOut.append((column.name, "it has another value in every row, as an identifier has"))
        } else if case .numbers = column.content {
          numbers.append(column)
        } else if distinct > 8, distinct * 10 > rows {
          leftOut.append((column.name, "most of its words are too rare to learn from"))
        } else {
          add(words: column, distinct: distinct, to: &parts)
        }
      case .tensors(let shape, let range):
        let scale = range.map { $0.lowerBound >= 0 && $0.upperBound > 1 && $0.upperBound <= 255 }
        inputs.append(
          "\(column.name.written): {column: \(column.name.written)"
            + (scale == true ? ", scale: {factor: 0.00392156862745098}}    # bytes to 0 … 1" : "}"))
        if shape.rank > 1 {
          path.append("- {id: flat_\(parts.count + 1), flatten: , from: \(column.name.written)}")
          parts.append("flat_\(parts.count + 1)")
        } else {
          parts.append(column.name.written)
        }
      case .characters: leftOut.append((column.name, "a text needs a model of sequences"))
      }
    }
    if !numbers.isEmpty {
      let name = DraftColumns.freeName("numbers", columns)
      inputs.insert(DraftColumns.line(name, numbers, among: columns), at: 0)
      parts.insert(name, at: 0)
    }
    if parts.count > 1 {
      path.append("- concat: [\(parts.joined(separator: ", "))]    # side by side")
    }
  }

  private mutating func add(words column: ColumnLook, distinct: Int, to parts: inout [String]) {
    let missing = column.missing > 0 ? ", missing: {constant: unknown}" : ""
    let isIndex = distinct > DraftColumns.mostOneHot
    inputs.append(
      "\(column.name.written): {column: \(column.name.written), type: category"
        + (isIndex ? ", encode: index" : "") + "\(missing)\(classes(of: column, distinct))}")
    guard isIndex else { return parts.append(column.name.written) }
    let id = "vector_\(parts.count + 1)"
    path.append("- {id: \(id), embedding: 8, from: \(column.name.written)}    # \(distinct) words")
    parts.append(id)
  }

  /// All words by name where some are so rare that the training rows may lack them.
  private func classes(of column: ColumnLook, _ distinct: Int) -> String {
    guard case .words(let frequent, _) = column.content, frequent.count == distinct,
      frequent.contains(where: { $0.count < 10 })
    else { return "" }
    let words = frequent.map(\.word) + (column.missing > 0 ? ["unknown"] : [])
    return ", classes: [\(words.map(\.written).joined(separator: ", "))]"
  }

  /// All columns of numbers as one input.
  private static func line(
    _ name: String, _ numbers: [ColumnLook], among all: [ColumnLook]
  ) -> String {
    let names = numbers.map(\.name)
    let missing = numbers.contains { $0.missing > 0 } ? ", missing: median" : ""
    let list =
      pattern(names, among: all.map(\.name)) ?? "[\(names.map(\.written).joined(separator: ", "))]"
    return "\(name): {columns: \(list), scale: standard\(missing)}"
  }

  /// A pattern that stands for many columns and for no other.
  private static func pattern(_ names: [String], among all: [String]) -> String? {
    guard names.count > 8, let first = names.first else { return nil }
    let prefix = names.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
    guard prefix.count >= 2, !prefix.contains("*"),
      all.count(where: { $0.hasPrefix(prefix) }) == names.count
    else { return nil }
    return "\(prefix)*".written
  }

  private static func freeName(_ name: String, _ columns: [ColumnLook]) -> String {
    columns.contains { $0.name == name } ? freeName(name + "_", columns) : name
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
