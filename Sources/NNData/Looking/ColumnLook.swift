package import NNTensor

/// What a column of a table holds, whatever the model file makes of it.
package struct ColumnLook: Sendable {
  package enum Content: Sendable {
    /// Nil where every value is missing.
    case numbers(ColumnStatistics?, distinct: Int)
    /// The most frequent words with their counts, the most frequent first.
    case words(frequent: [WordCount], distinct: Int)
    /// A tensor in each row, with the smallest and the largest number of the first thousand rows.
    case tensors(Shape, range: ClosedRange<Double>?)
    /// Windows of characters.
    case characters(alphabet: Int, length: Int)
  }

  package struct WordCount: Sendable, Equatable {
    package let word: String
    package let count: Int
  }

  package let name: String
  package let rows: Int
  package let missing: Int
  package let content: Content
  /// Whether every row has a value of its own that does nothing but name it.
  package let namesItsRow: Bool
  /// Whether it is numbers without a fraction.
  package let hasWholeNumbers: Bool
  /// Of texts how long they are; nil of everything else.
  package let prose: ProseLook?
  /// What the model file makes of it; empty where it takes no notice.
  package let uses: [Use]

  package struct Use: Sendable, Equatable {
    package let role: FeatureSpec.Role
    package let feature: String
  }

  /// How many words are told.
  private static let mostWords = 64
}

extension ColumnLook {
  /// Looks at a column of a table.
  init(_ table: Table, _ column: Int, uses: [Use]) {
    name = table.columnNames[column]
    rows = table.rowCount
    self.uses = uses
    var (namesItsRow, hasWholeNumbers) = (false, false)
    var prose: ProseLook?
    if let windows = table.windows {
      missing = 0
      content = .characters(alphabet: windows.alphabet.count, length: windows.format.length)
    } else if let tensors = table.typed?.columns[column].tensors {
      missing = 0
      content = .tensors(tensors.shape, range: ColumnLook.range(of: tensors))
    } else {
      let values = ColumnValues(table, column)
      missing = values.missing
      content =
        switch values.kind {
        case .numbers(let numbers): ColumnLook.numbers(numbers, rows: table.rowCount)
        case .words(let codes, let words): ColumnLook.words(codes, words)
        }
      namesItsRow = values.nameRows
      if case .words(let codes, let words) = values.kind { prose = ProseLook(codes, words) }
      if case .numbers(let numbers) = values.kind {
        hasWholeNumbers = numbers.allSatisfy { $0.isNaN || $0 == $0.rounded() }
      }
    }
    self.prose = prose
    self.namesItsRow = namesItsRow
    self.hasWholeNumbers = hasWholeNumbers
  }

  private static func numbers(_ numbers: [Double], rows: Int) -> Content {
    let statistics = columnStatistics(
      DenseNumbers(values: numbers, width: 1), rows: Array(0..<rows))
    let distinct = Set(numbers.lazy.filter { !$0.isNaN }).count
    return .numbers(statistics.first.flatMap { $0.count == 0 ? nil : $0 }, distinct: distinct)
  }

  private static func words(_ codes: [Int32], _ words: [String]) -> Content {
    var counts = [Int](repeating: 0, count: words.count)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    // Words that occur as often are in the order of classes, so that the same file looks the same.
    let order = sortedClasses(words)
    let place = Dictionary(zip(order, order.indices), uniquingKeysWith: { first, _ in first })
    let found = zip(words, counts).sorted {
      $0.1 == $1.1 ? place[$0.0, default: 0] < place[$1.0, default: 0] : $0.1 > $1.1
    }
    return .words(
      frequent: found.prefix(mostWords).map { WordCount(word: $0.0, count: $0.1) },
      distinct: words.count)
  }

  private static func range(of tensors: any TensorColumn) -> ClosedRange<Double>? {
    var (least, most) = (Double.infinity, -Double.infinity)
    let scratch = UnsafeMutableBufferPointer<Double>.allocate(capacity: tensors.shape.count)
    defer { scratch.deallocate() }
    scratch.initialize(repeating: 0)
    for row in 0..<min(tensors.rowCount, 1000) {
      do throws(RowProblem) { try tensors.read(row, into: scratch) } catch { continue }
      for value in scratch where !value.isNaN {
        least = min(least, value)
        most = max(most, value)
      }
    }
    return least <= most ? least...most : nil
  }
}

extension TypedColumn {
  var tensors: (any TensorColumn)? {
    if case .tensors(let tensors) = values { tensors } else { nil }
  }
}

/// The values of a column, as numbers where all of them are.
struct ColumnValues {
  enum Kind {
    /// NaN where missing.
    case numbers([Double])
    /// Below zero where missing.
    case words([Int32], distinct: [String])
  }

  let kind: Kind
  let missing: Int

  /// - column: of single values, not of tensors.
  init(_ table: Table, _ column: Int) {
    if case .words(let codes, let distinct)? = table.typed?.columns[column].values {
      kind = .words(codes, distinct: distinct)
      missing = codes.count { $0 < 0 }
      return
    }
    var problems = TableProblems()
    let name = table.columnNames[column]
    let numbers =
      if let typed = table.typed {
        RawFeature.numbers(name, columns: [column], of: typed, in: table, &problems)
      } else {
        RawFeature.numbers(name, columns: [column], in: table, &problems)
      }
    if problems.isEmpty, case .numbers(let values) = numbers.values,
      numbers.missing.count < table.rowCount
    {
      kind = .numbers(values)
      missing = numbers.missing.count
      return
    }
    let words = RawFeature.words(name, columns: [column], in: table, classes: [])
    missing = words.missing.count
    kind =
      if case .words(let codes, let distinct) = words.values {
        .words(codes, distinct: distinct)
      } else {
        .words([], distinct: [])
      }
  }

  /// Fewer rows say nothing about it.
  private static let leastRows = 20

  /// Whether every row has a value of its own that does nothing but name it: another word, or the
  /// number of the row, up or down.
  var nameRows: Bool {
    switch kind {
    case .words(let codes, let distinct):
      return codes.count >= ColumnValues.leastRows && distinct.count == codes.count
    case .numbers(let numbers):
      guard numbers.count >= ColumnValues.leastRows else { return false }
      let steps = Set(zip(numbers.dropFirst(), numbers).map { $0 - $1 })
      return steps == [1] || steps == [-1]
    }
  }

  /// For each row the place of its value among the different ones, below zero where it is missing.
  var codes: (codes: [Int32], distinct: Int) {
    switch kind {
    case .words(let codes, let distinct): return (codes, distinct.count)
    case .numbers(let numbers):
      var known: [Double: Int32] = [:]
      let codes = numbers.map { number -> Int32 in
        guard !number.isNaN else { return -1 }
        if let code = known[number] { return code }
        let code = Int32(truncatingIfNeeded: known.count)
        known[number] = code
        return code
      }
      return (codes, known.count)
    }
  }
}
