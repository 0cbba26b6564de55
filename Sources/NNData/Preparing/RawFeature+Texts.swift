import NNDiagnostics
import NNModel

extension FeatureSpec {
  /// Whether it is a text or tokens.
  var isText: Bool { if case .text = content { true } else { false } }

  var isTokens: Bool {
    if case .text(let text) = content { text.reading.pieces == .tokens } else { false }
  }
}

extension RawFeature {
  /// The texts of columns; one without a word, or whatever it is divided into, is missing.
  ///
  /// Of a text only nothing is nothing: NA and ? are words and characters.
  static func texts(
    _ name: String, columns: [Int], in table: Table, _ reading: TextReading,
    _ problems: inout TableProblems
  ) -> RawFeature {
    if reading.pieces == .tokens {
      return table.typed.map {
        RawFeature.words(name, columns: columns, of: $0, in: table, &problems)
      } ?? RawFeature.words(name, columns: columns, in: table, classes: [])
    }
    guard let column = columns.first else {
      return RawFeature(name: name, columns: [], values: .words([], distinct: []), missing: [])
    }
    let division = reading.division
    if let typed = table.typed {
      var raw = RawFeature.words(name, columns: columns, of: typed, in: table, &problems)
      guard case .words(let codes, let distinct) = raw.values else { return raw }
      let isEmpty = distinct.map { isNothing($0, division) }
      var kept = codes
      for (row, code) in codes.enumerated() where code >= 0 && isEmpty[Int(code)] {
        kept[row] = -1
        raw.missing.append((row, column))
      }
      raw.missing.sort { $0.row < $1.row }
      return RawFeature(
        name: name, columns: columns, values: .words(kept, distinct: distinct),
        missing: raw.missing)
    }
    // Texts are mostly different ones, so each row has its own.
    var codes: [Int32] = []
    var texts: [String] = []
    var missing: [(row: Int, column: Int)] = []
    codes.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount {
      let text = table.text(row: row, column: column)
      if isNothing(text, division) {
        codes.append(-1)
        missing.append((row, column))
      } else {
        codes.append(Int32(truncatingIfNeeded: texts.count))
        texts.append(text)
      }
    }
    return RawFeature(
      name: name, columns: columns, values: .words(codes, distinct: texts), missing: missing)
  }

  /// Whether a text has nothing in it but blanks, or nothing that it is divided into.
  private static func isNothing(_ text: String, _ division: TextDivision) -> Bool {
    text.utf8.allSatisfy { isBlank($0) || $0 == 0x0A || $0 == 0x0D } || division.isEmpty(text)
  }
}

extension DataSpec {
  /// Reports a column of lists of different lengths, which only tokens may be.
  func checkLists(
    _ spec: FeatureSpec, _ columns: [String], in table: Table, _ reader: inout Reader
  ) -> Bool {
    let found = columns.first { name in
      table.column(name).flatMap { table.typed?.columns[$0].isLists } ?? false
    }
    guard let found else { return false }
    reader.error(
      "mixed-values",
      "the column '\(found)' of '\(table.name)' holds lists of different lengths",
      at: spec.columns.first?.range ?? spec.nameRange,
      help: "Say type: tokens where they are indices; else write lists of one length.")
    return true
  }
}
