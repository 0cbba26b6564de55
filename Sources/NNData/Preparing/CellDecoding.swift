// Cells become numbers and words some rows at a time, all features of these rows before the next ones:
// the text and the places of its cells are then read from the cache by all features but the first.
import NNTensor

/// The memory that the cells of a table lie in.
struct CellMemory {
  let text: UnsafePointer<UInt8>
  /// Where each row begins in the text.
  let rows: UnsafePointer<Int>
  /// Where each cell begins, from its row on, and one past the row's end plus one.
  let starts: UnsafePointer<UInt32>
  /// Starts of a row.
  let stride: Int
}

extension Table {
  /// About so much of the text is decoded at a time.
  private static let blockBytes = 1 << 17

  /// Calls with some rows of cells after the other, in their order.
  fileprivate func eachBlock(_ body: (CellMemory, Range<Int>) -> Void) {
    let length = max(Table.blockBytes * rowCount / max(bytes.count, 1), 1)
    bytes.withUnsafeBufferPointer { text in
      rowStarts.withUnsafeBufferPointer { rows in
        cellStarts.withUnsafeBufferPointer { starts in
          guard let text = text.baseAddress, let rows = rows.baseAddress,
            let starts = starts.baseAddress
          else { return }
          let memory = CellMemory(
            text: text, rows: rows, starts: starts, stride: columnNames.count + 1)
          var first = 0
          while first < rowCount {
            let end = min(first + length, rowCount)
            body(memory, first..<end)
            first = end
          }
        }
      }
    }
  }
}

/// The features of a table of cells while they are decoded.
struct CellDecoding {
  private let table: Table
  private var numbers: [NumberCells] = []
  private var words: [WordCells] = []
  /// The place of each feature that was added among the numbers or the words.
  private var places: [(holdsNumbers: Bool, place: Int)] = []

  init(_ table: Table) { self.table = table }

  mutating func addNumbers(_ name: String, columns: [Int]) {
    places.append((true, numbers.count))
    numbers.append(NumberCells(name, columns: columns, in: table))
  }

  /// - classes: what is a word even if it looks like a missing value.
  mutating func addWords(_ name: String, columns: [Int], classes: [String]) {
    places.append((false, words.count))
    words.append(WordCells(name, columns: columns, in: table, classes: classes))
  }

  /// Decodes all rows.
  ///
  /// - Returns: the features in the order in which they were added, and what is wrong with each.
  mutating func decode() -> [(RawFeature, TableProblems)] {
    table.eachBlock { memory, rows in
      for place in numbers.indices { numbers[place].decode(rows, memory) }
      for place in words.indices { words[place].decode(rows, memory) }
    }
    return places.map { isNumber, place in
      isNumber ? numbers[place].feature : (words[place].feature, TableProblems())
    }
  }
}

extension RawFeature {
  /// Decodes the cells of number columns, reporting those that are none.
  static func numbers(
    _ name: String, columns: [Int], in table: Table, _ problems: inout TableProblems
  ) -> RawFeature {
    var cells = NumberCells(name, columns: columns, in: table)
    table.eachBlock { cells.decode($1, $0) }
    let (feature, found) = cells.feature
    problems.add(found)
    return feature
  }

  /// Decodes the cells of columns of words; `classes` are classes even if they look like a missing
  /// value.
  static func words(
    _ name: String, columns: [Int], in table: Table, classes: [String]
  ) -> RawFeature {
    var cells = WordCells(name, columns: columns, in: table, classes: classes)
    table.eachBlock { cells.decode($1, $0) }
    return cells.feature
  }
}

/// Columns of numbers while they are decoded.
private struct NumberCells {
  private let name: String
  private let columns: [Int]
  private let table: Table
  /// Of all rows, written row by row.
  private var values: [Double]
  private var missing: [(row: Int, column: Int)] = []
  private var problems = TableProblems()

  init(_ name: String, columns: [Int], in table: Table) {
    self.name = name
    self.columns = columns
    self.table = table
    values = .unwritten(table.rowCount * columns.count)
  }

  mutating func decode(_ rows: Range<Int>, _ memory: CellMemory) {
    guard let firstColumn = columns.first else { return }
    // Most features are neighbours, whose cells follow each other.
    let isRun = columns.indices.allSatisfy { columns[$0] == firstColumn + $0 }
    let width = columns.count
    // The rest of the decoder may change while they are written.
    var own: [Double] = []
    swap(&own, &values)
    defer { swap(&own, &values) }
    own.withUnsafeMutableBufferPointer { values in
      columns.withUnsafeBufferPointer { columns in
        for row in rows {
          let start = memory.rows[row]
          let line = memory.text + start
          let starts = memory.starts + row &* memory.stride
          for place in 0..<width {
            let column = isRun ? firstColumn &+ place : columns[place]
            let from = Int(starts[column])
            let length = Int(starts[column &+ 1]) &- from &- 1
            var value = shortDecimal(line + from, length, readableBefore: start &+ from)
            if value.isNaN {
              value = wideDecimal(line + from, length)
              // What is no such decimal, or too large, is looked at again.
              if !(abs(value) <= Double(Float.greatestFiniteMagnitude)) {
                value = long(row, column)
              }
            }
            values[row &* width &+ place] = value
          }
        }
      }
    }
  }

  /// A cell that is no plain decimal: blanks, quotes, very many digits, nothing, a word.
  private mutating func long(_ row: Int, _ column: Int) -> Double {
    let table = table
    let cell = trimmed(table.content(row: row, column: column))
    if let value = decimal(cell) {
      if abs(value) <= Double(Float.greatestFiniteMagnitude) { return value }
      problems.add(
        "bad-number", at: .cell(row: row, column: column),
        "\(table.rowName(row)), column '\(table.columnNames[column])': \(shortened(cell)) is beyond "
          + "what a 32-bit float holds")
      return 0
    }
    if isMissing(cell) {
      missing.append((row, column))
      return .nan
    }
    problems.addBadNumber(cell, row, column, in: table)
    return 0
  }

  /// What all rows were decoded to.
  var feature: (RawFeature, TableProblems) {
    var absent = [Int](repeating: 0, count: table.columnNames.count)
    for cell in missing { absent[cell.column] += 1 }
    var problems = problems
    for column in columns {
      problems.summarizeWords(
        column: column, present: table.rowCount - absent[column], in: table)
    }
    let feature = RawFeature(
      name: name, columns: columns, values: .numbers(values), missing: missing)
    return (feature, problems)
  }
}

/// Columns of words while they are decoded.
private struct WordCells {
  private let name: String
  private let columns: [Int]
  private let table: Table
  private let classes: Set<String>
  /// Of all rows, written row by row.
  private var codes: [Int32]
  private var missing: [(row: Int, column: Int)] = []
  private var distinct: [String] = []
  private var known: [String: Int32] = [:]
  private var cells = CellCodes()

  init(_ name: String, columns: [Int], in table: Table, classes: [String]) {
    self.name = name
    self.columns = columns
    self.table = table
    self.classes = Set(classes)
    codes = .unwritten(table.rowCount * columns.count)
  }

  mutating func decode(_ rows: Range<Int>, _ memory: CellMemory) {
    var own: [Int32] = []
    swap(&own, &codes)
    defer { swap(&own, &codes) }
    own.withUnsafeMutableBufferPointer { codes in
      var count = rows.lowerBound * columns.count
      for row in rows {
        let line = memory.rows[row]
        let starts = memory.starts + row &* memory.stride
        for column in columns {
          let start = line &+ Int(starts[column])
          let length = Int(starts[column &+ 1] &- starts[column]) &- 1
          let hash = CellCodes.hash(memory.text + start, length)
          let found = cells.code(of: start, length, hash, in: memory.text)
          let code = found ?? newCode(row, column)
          if found == nil { cells.add(code, for: start, length, hash) }
          codes[count] = code
          count &+= 1
          if code < 0 { missing.append((row, column)) }
        }
      }
    }
  }

  /// The code of a cell's word, a new one if it is new; −1 where it stands for a missing value.
  private mutating func newCode(_ row: Int, _ column: Int) -> Int32 {
    let cell = table.content(row: row, column: column)
    let word = String(decoding: cell, as: UTF8.self)
    if let code = known[word] { return code }
    if isMissing(cell), !classes.contains(word) { return -1 }
    let code = Int32(truncatingIfNeeded: distinct.count)
    known[word] = code
    distinct.append(word)
    return code
  }

  /// What all rows were decoded to.
  var feature: RawFeature {
    RawFeature(
      name: name, columns: columns, values: .words(codes, distinct: distinct), missing: missing)
  }
}

extension Array where Element: BitwiseCopyable {
  /// Elements that whoever asks for them writes before they are read.
  fileprivate static func unwritten(_ count: Int) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { memory, initialized in
      initialized = count
    }
  }
}
