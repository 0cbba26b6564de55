/// A feature's cells of all rows of a table, decoded but neither filled, scaled nor encoded.
struct RawFeature: Sendable {
  enum Values: Sendable {
    /// Row major, NaN where missing.
    case numbers([Double])
    /// The index of each cell's word in `distinct`, row major, −1 where missing.
    case words([Int32], distinct: [String])
    /// The characters of each window, or those so many places further.
    case characters(WindowedText, offset: Int)
    /// The numbers of a row, made when asked for; NaN where missing.
    case tensors(any TensorColumn)
    /// Numbers of a table too large for memory; no rows where nobody has to look at them.
    case filedNumbers(FiledRows<Double>)
    /// Words of such a table, by their places in `distinct`, −1 where missing.
    case filedWords(FiledRows<Int32>, distinct: [String])
  }

  let name: String
  /// The positions of its columns in the table.
  let columns: [Int]
  /// How many numbers or words each column gives a row.
  let widths: [Int]
  let values: Values
  /// Where values are missing, in reading order; `column` is a position in the table.
  var missing: [(row: Int, column: Int)]

  var width: Int { widths.reduce(0, +) }

  /// Whether a column of it gives several numbers.
  var hasTensors: Bool {
    if case .tensors = values { true } else { width > columns.count }
  }

  init(
    name: String, columns: [Int], widths: [Int]? = nil, values: Values,
    missing: [(row: Int, column: Int)]
  ) {
    self.name = name
    self.columns = columns
    self.widths = widths ?? columns.map { _ in 1 }
    self.values = values
    self.missing = missing
  }

  /// Which column, of those of the feature, a number of a row belongs to.
  func place(ofElement element: Int) -> Int {
    var rest = element
    for (place, width) in widths.enumerated() {
      if rest < width { return place }
      rest -= width
    }
    return 0
  }
}

extension TableProblems {
  /// Reports a text in a column of numbers.
  mutating func addBadNumber(_ cell: [UInt8], _ row: Int, _ column: Int, in table: Table) {
    add(
      "bad-number", at: .cell(row: row, column: column),
      "\(table.rowName(row)), column '\(table.columnNames[column])': '\(shortened(cell))' is not a number",
      help: wayOut(cell))
  }

  /// Tells of a column of words only that it is one: a column without a single number is one
  /// mistake, not one in each row.
  ///
  /// - present: how many values of the column are not missing.
  mutating func summarizeWords(column: Int, present: Int, in table: Table) {
    guard present > 1, count("bad-number", column: column) == present else { return }
    replaceAll("bad-number", column: column, by: "words-as-numbers") { first in
      let cell = trimmed(table.content(row: first, column: column))
      // What begins with a sign, a digit or a quote is a number gone wrong.
      guard cell.first.map({ isLetter($0) }) ?? false else { return nil }
      let word = shortened(cell)
      return (
        "the column '\(table.columnNames[column])' holds words such as '\(word)', not numbers",
        "Say type: category in the data section, or type: binary for two words."
      )
    }
  }
}

/// What a text in a number column probably is.
private func wayOut(_ cell: [UInt8]) -> String {
  let comma = UInt8(ascii: ",")
  if let place = cell.firstIndex(of: comma) {
    var pointed = cell
    pointed[place] = UInt8(ascii: ".")
    if decimal(pointed) != nil {
      return "Decimals are written with a point, and digits are not grouped."
    }
  }
  if cell.first == UInt8(ascii: "\"") {
    return "A cell is only quoted if the quote is its first character, without a blank before."
  }
  return "A number such as -1.5 or 2e-3 is expected; if the column holds words, say "
    + "type: category or type: binary."
}

/// Whether a byte is a letter or belongs to a character beyond ASCII.
private func isLetter(_ byte: UInt8) -> Bool {
  byte >= 0x80 || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
}

/// A cell that fits in a message.
func shortened(_ cell: [UInt8]) -> String {
  shortened(String(decoding: cell.prefix(200), as: UTF8.self), isCut: cell.count > 200)
}

func shortened(_ text: String, isCut: Bool = false) -> String {
  // A message is one line, whatever a quoted cell holds.
  let line = String(text.prefix(40).map { $0.isNewline ? "⏎" : $0 })
  return isCut || text.count > 40 ? line + "…" : line
}

/// Classes in the order their indices have: numbers by value if all are numbers, else by text.
func sortedClasses(_ words: [String]) -> [String] {
  let numbers = words.compactMap { word in decimal(Array(word.utf8)).map { ($0, word) } }
  guard numbers.count == words.count else { return words.sorted() }
  return numbers.sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }.map(\.1)
}
