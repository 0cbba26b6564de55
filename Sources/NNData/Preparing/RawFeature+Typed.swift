// Columns that know what their values are become the numbers or words that a feature asks for.
import NNTensor

extension RawFeature {
  /// The numbers of typed columns, reporting what is none; a tensor alone stays what it is.
  static func numbers(
    _ name: String, columns: [Int], of typed: TypedRows, in table: Table,
    _ problems: inout TableProblems
  ) -> RawFeature {
    let widths = columns.map { typed.columns[$0].shape?.count ?? 1 }
    var decoding = TypedDecoding(table: table)
    if columns.count == 1, case .tensors(let tensors) = typed.columns[columns[0]].values {
      decoding.check(tensors, column: columns[0], rows: table.rowCount)
      problems.add(decoding.problems)
      return RawFeature(
        name: name, columns: columns, widths: widths, values: .tensors(tensors),
        missing: decoding.missing)
    }
    let width = widths.reduce(0, +)
    var values = [Double](repeating: 0, count: table.rowCount * width)
    var from = 0
    for (column, own) in zip(columns, widths) {
      values.withUnsafeMutableBufferPointer { values in
        decoding.numbers(
          typed.columns[column], column, rows: table.rowCount, into: values, from: from,
          width: width)
      }
      from += own
    }
    problems.add(decoding.problems)
    // By row, as they would be met in a table of cells.
    let missing = decoding.missing.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
    return RawFeature(
      name: name, columns: columns, widths: widths, values: .numbers(values), missing: missing)
  }

  /// The words of typed columns; a number is the word that one would write.
  static func words(
    _ name: String, columns: [Int], of typed: TypedRows, in table: Table,
    _ problems: inout TableProblems
  ) -> RawFeature {
    var words = WordCodes()
    let widths = columns.map { typed.columns[$0].shape?.count ?? 1 }
    words.reserve(table.rowCount * widths.reduce(0, +))
    var decoding = TypedDecoding(table: table)
    var readers = columns.map { WordReader(typed.columns[$0], at: $0) }
    for row in 0..<table.rowCount {
      for place in readers.indices { decoding.words(&readers[place], row, into: &words) }
    }
    problems.add(decoding.problems)
    return RawFeature(
      name: name, columns: columns, widths: widths,
      values: .words(words.codes, distinct: words.distinct), missing: decoding.missing)
  }
}

/// A typed column while its rows become words.
private struct WordReader {
  let column: TypedColumn
  let position: Int
  /// The codes of the words of the column, or of its numbers, in what is made of all columns.
  var ofWords: [Int32]
  var ofNumbers: [Double: Int32] = [:]
  var scratch: [Double]

  init(_ column: TypedColumn, at position: Int) {
    self.column = column
    self.position = position
    ofWords =
      if case .words(_, let distinct) = column.values {
        Array(repeating: -1, count: distinct.count)
      } else {
        []
      }
    scratch = Array(repeating: 0, count: column.shape?.count ?? 1)
  }
}

/// What is found while typed columns are decoded.
private struct TypedDecoding {
  let table: Table
  var problems = TableProblems()
  var missing: [(row: Int, column: Int)] = []

  init(table: Table) { self.table = table }

  /// Looks for numbers of tensors that are missing, or that no float holds.
  mutating func check(_ tensors: any TensorColumn, column: Int, rows: Int) {
    guard !tensors.isAlwaysFinite else { return }
    var scratch = [Double](repeating: 0, count: tensors.shape.count)
    for row in 0..<rows where tensors.mayBeUnusual(row) {
      guard read(tensors, row, column, into: &scratch) else { continue }
      noteMissing(scratch, row, column)
    }
  }

  /// Reads a row, or reports that it cannot be read.
  private mutating func read(
    _ tensors: any TensorColumn, _ row: Int, _ column: Int, into scratch: inout [Double]
  ) -> Bool {
    let problem: RowProblem? = scratch.withUnsafeMutableBufferPointer { buffer in
      do throws(RowProblem) {
        try tensors.read(row, into: buffer)
        return nil
      } catch {
        return error
      }
    }
    guard let problem else { return true }
    problems.add(problem, row: row, column: column, in: table)
    return false
  }

  private mutating func noteMissing(_ values: [Double], _ row: Int, _ column: Int) {
    if values.contains(where: \.isNaN) { missing.append((row, column)) }
    let limit = Double(Float.greatestFiniteMagnitude)
    guard let place = values.firstIndex(where: { abs($0) > limit }) else { return }
    noteBeyond(values[place], row, column, element: values.count > 1 ? place : nil)
  }

  private mutating func noteBeyond(_ value: Double, _ row: Int, _ column: Int, element: Int?) {
    let place = element.map { " at place \($0 + 1)" } ?? ""
    let name = table.columnNames[column]
    let rowName = table.rowName(row)
    problems.add(
      "bad-number", at: .cell(row: row, column: column),
      "\(rowName), column '\(name)'\(place): \(value) is beyond what a "
        + "32-bit float holds")
  }

  /// Puts the numbers of a column where they belong among those of its feature.
  ///
  /// - values: of all rows, `width` numbers each; those of the column begin at `from`.
  mutating func numbers(
    _ column: TypedColumn, _ position: Int, rows: Int,
    into values: UnsafeMutableBufferPointer<Double>, from: Int, width: Int
  ) {
    switch column.values {
    case .numbers(let numbers):
      for row in 0..<rows {
        let value = numbers[row]
        values[row * width + from] = value
        if value.isNaN {
          missing.append((row, position))
        } else if abs(value) > Double(Float.greatestFiniteMagnitude) {
          noteBeyond(value, row, position, element: nil)
        }
      }
    case .words(let codes, let distinct):
      let numbers = parsed(codes, distinct, position)
      for row in 0..<rows {
        values[row * width + from] = codes[row] < 0 ? .nan : numbers[Int(codes[row])]
        if values[row * width + from].isNaN { missing.append((row, position)) }
      }
    case .tensors(let tensors):
      var scratch = [Double](repeating: 0, count: tensors.shape.count)
      for row in 0..<rows where read(tensors, row, position, into: &scratch) {
        noteMissing(scratch, row, position)
        for (element, value) in scratch.enumerated() {
          values[row * width + from + element] = value
        }
      }
    }
  }

  /// Words as numbers, read as cells of a text are; NaN where one stands for a missing value.
  private mutating func parsed(
    _ codes: [Int32], _ distinct: [String], _ position: Int
  ) -> [Double] {
    var numbers: [Double] = []
    var bad: Set<Int32> = []
    for (code, word) in distinct.enumerated() {
      let cell = trimmed(Array(word.utf8))
      let value = decimal(cell)
      if value == nil, !isMissing(cell) { bad.insert(Int32(truncatingIfNeeded: code)) }
      numbers.append(value ?? (isMissing(cell) ? .nan : 0))
    }
    var found = TableProblems()
    for (row, code) in codes.enumerated() where code >= 0 {
      if abs(numbers[Int(code)]) > Double(Float.greatestFiniteMagnitude) {
        noteBeyond(numbers[Int(code)], row, position, element: nil)
      }
      guard bad.contains(code) else { continue }
      found.addBadNumber(trimmed(Array(distinct[Int(code)].utf8)), row, position, in: table)
    }
    found.summarizeWords(
      column: position, present: codes.count { $0 >= 0 && !numbers[Int($0)].isNaN }, in: table)
    problems.add(found)
    return numbers
  }

  /// Appends the words of one row of a column.
  mutating func words(_ reader: inout WordReader, _ row: Int, into words: inout WordCodes) {
    switch reader.column.values {
    case .numbers(let numbers):
      append(numbers[row], row, &reader, &words)
    case .words(let codes, let distinct):
      guard codes[row] >= 0 else {
        missing.append((row, reader.position))
        return words.appendMissing()
      }
      let code = Int(codes[row])
      if reader.ofWords[code] < 0 { reader.ofWords[code] = words.code(of: distinct[code]) }
      words.append(code: reader.ofWords[code])
    case .tensors(let tensors):
      _ = read(tensors, row, reader.position, into: &reader.scratch)
      for element in reader.scratch.indices {
        append(reader.scratch[element], row, &reader, &words)
      }
    }
  }

  private mutating func append(
    _ number: Double, _ row: Int, _ reader: inout WordReader, _ words: inout WordCodes
  ) {
    guard !number.isNaN else {
      missing.append((row, reader.position))
      return words.appendMissing()
    }
    if let code = reader.ofNumbers[number] { return words.append(code: code) }
    let code = words.code(of: word(for: number))
    reader.ofNumbers[number] = code
    words.append(code: code)
  }
}

extension TableProblems {
  /// Adds why a row of a column cannot be made.
  mutating func add(_ problem: RowProblem, row: Int, column: Int, in table: Table) {
    add(
      problem.code, at: .cell(row: row, column: column),
      "\(table.rowName(row)), column '\(table.columnNames[column])': \(problem.message)",
      help: problem.help)
  }
}
