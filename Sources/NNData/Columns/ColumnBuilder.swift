import NNTensor

/// A column while its rows are read: its first value tells what all of them are.
struct ColumnBuilder {
  enum Kind: Equatable {
    case numbers
    case words
    case arrays([Int])
    /// Of numbers, not all of one length.
    case lists

    var described: String {
      switch self {
      case .numbers: "a number"
      case .words: "a word"
      case .lists: "a list"
      case .arrays(let sizes):
        sizes.count == 1 ? "a list of \(sizes[0])" : "an array of \(sizes.shown)"
      }
    }
  }

  let name: String
  /// Nil as long as all rows are missing.
  private(set) var kind: Kind?
  private(set) var rowCount = 0
  private var numbers: [Double] = []
  private var words = WordCodes()

  init(_ name: String, kind: Kind? = nil) {
    self.name = name
    self.kind = kind
  }

  /// Appends a value, or returns false where the column is of another kind.
  mutating func append(_ number: Double) -> Bool {
    guard becomes(.numbers) else { return false }
    numbers.append(number)
    rowCount += 1
    return true
  }

  mutating func append(_ word: String) -> Bool {
    guard becomes(.words) else { return false }
    words.append(word)
    rowCount += 1
    return true
  }

  mutating func append(_ array: [Double], sizes: [Int]) -> Bool {
    if case .arrays(let before)? = kind, before.count == 1, sizes.count == 1, before != sizes {
      becomeLists(of: before[0])
    }
    if kind == .lists {
      guard sizes.count == 1 else { return false }
      words.append(listText(array[...]))
      rowCount += 1
      return true
    }
    guard becomes(.arrays(sizes)) else { return false }
    numbers += array
    rowCount += 1
    return true
  }

  /// Makes rows of so many numbers the texts of lists, which may be of any length.
  private mutating func becomeLists(of width: Int) {
    for row in 0..<rowCount {
      let own = numbers[row * width..<(row + 1) * width]
      if own.allSatisfy(\.isNaN) { words.appendMissing() } else { words.append(listText(own)) }
    }
    numbers = []
    kind = .lists
  }

  mutating func appendMissing() {
    appendNothing()
    rowCount += 1
  }

  /// How many values a row is, also one that is missing.
  var rowSize: Int {
    if case .arrays(let sizes)? = kind { sizes.reduce(1, *) } else { 1 }
  }

  /// Makes what lacks up to so many rows missing.
  mutating func fill(to count: Int) {
    while rowCount < count { appendMissing() }
  }

  private mutating func appendNothing() {
    switch kind {
    case nil: break
    case .numbers: numbers.append(.nan)
    case .words, .lists: words.appendMissing()
    case .arrays(let sizes):
      numbers += repeatElement(.nan, count: sizes.reduce(1, *))
    }
  }

  private mutating func becomes(_ wanted: Kind) -> Bool {
    if let kind { return kind == wanted }
    kind = wanted
    for _ in 0..<rowCount { appendNothing() }
    return true
  }

  var column: TypedColumn {
    switch kind {
    case nil: TypedColumn(name, .numbers(Array(repeating: .nan, count: rowCount)))
    case .numbers: TypedColumn(name, .numbers(numbers))
    case .words: TypedColumn(name, words.values)
    case .lists: TypedColumn(name, words.values, isLists: true)
    case .arrays(let sizes):
      TypedColumn(name, .tensors(NumbersColumn(numbers, shape: Shape(sizes))))
    }
  }

  /// The column without its rows.
  var header: TypedColumn {
    var empty = ColumnBuilder(name)
    empty.kind = kind
    return empty.column
  }
}

/// A list of numbers as JSON writes it.
private func listText(_ numbers: ArraySlice<Double>) -> String {
  let texts = numbers.map { $0.isNaN ? "null" : word(for: $0) }
  return "[\(texts.joined(separator: ", "))]"
}
