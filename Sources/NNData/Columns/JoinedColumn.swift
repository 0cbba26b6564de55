package import NNTensor

/// A column of several files while they are put behind each other.
struct JoinedColumn {
  private enum Kind {
    case numbers
    case words
    case tensors(Shape)

    var described: String {
      switch self {
      case .numbers: "holds numbers"
      case .words: "holds words"
      case .tensors(let shape): "holds arrays of \(shape.sizes.shown)"
      }
    }
  }

  private let name: String
  private var kind: Kind?
  private var numbers: [Double] = []
  private var words = WordCodes()
  private var pieces: [any TensorColumn] = []
  private var classes: [String]?
  private var isLists = false
  /// Rows of files in which all values are missing, before the first that tells the kind.
  private var missing = 0

  init(_ name: String) { self.name = name }

  /// Appends the rows of a file, or tells how they differ from those before.
  mutating func append(_ column: TypedColumn) -> String? {
    switch (kind, column.values) {
    case (_, .numbers(let values)) where values.allSatisfy(\.isNaN):
      // A column without a value is of any kind.
      return appendMissing(values.count)
    case (nil, _):
      begin(column)
      return append(column)
    case (.numbers, .numbers(let values)): numbers += values
    case (.words, .words(let codes, let distinct)):
      let own = distinct.map { words.code(of: $0) }
      for code in codes { words.append(code: code < 0 ? -1 : own[Int(code)]) }
      if classes != column.classes { classes = nil }
      isLists = isLists || column.isLists
    case (.tensors(let shape), .tensors(let tensors)) where shape == tensors.shape:
      pieces.append(tensors)
    case (let kind?, _):
      var other = JoinedColumn(name)
      other.begin(column)
      return "\(other.kind?.described ?? ""), in the files before it \(kind.described)"
    }
    return nil
  }

  private mutating func begin(_ column: TypedColumn) {
    classes = column.classes
    switch column.values {
    case .numbers: kind = .numbers
    case .words:
      kind = .words
      // Declared classes keep their order.
      for word in classes ?? [] { _ = words.code(of: word) }
    case .tensors(let tensors): kind = .tensors(tensors.shape)
    }
    _ = appendMissing(missing)
  }

  private mutating func appendMissing(_ count: Int) -> String? {
    switch kind {
    case nil: missing += count
    case .numbers: numbers += repeatElement(.nan, count: count)
    case .words: for _ in 0..<count { words.appendMissing() }
    case .tensors(let shape):
      if count > 0 { pieces.append(MissingRows(rowCount: count, shape: shape)) }
    }
    return nil
  }

  var column: TypedColumn {
    switch kind {
    case nil: TypedColumn(name, .numbers(Array(repeating: .nan, count: missing)))
    case .numbers: TypedColumn(name, .numbers(numbers))
    case .words: TypedColumn(name, words.values, classes: classes, isLists: isLists)
    case .tensors(let shape): TypedColumn(name, .tensors(JoinedTensors(pieces, shape: shape)))
    }
  }
}

/// The tensors of several files, one behind the other.
package struct JoinedTensors: TensorColumn {
  package let shape: Shape
  package let rowCount: Int
  package let isExactInFloat: Bool
  package let isAlwaysFinite: Bool
  package let white: Float?
  private let pieces: [any TensorColumn]
  /// The first row of each piece.
  private let starts: [Int]

  init(_ pieces: [any TensorColumn], shape: Shape) {
    self.pieces = pieces
    self.shape = shape
    var starts: [Int] = []
    var row = 0
    for piece in pieces {
      starts.append(row)
      row += piece.rowCount
    }
    self.starts = starts
    rowCount = row
    isExactInFloat = pieces.allSatisfy { $0.isExactInFloat }
    isAlwaysFinite = pieces.allSatisfy { $0.isAlwaysFinite }
    let whites = Set(pieces.filter { !($0 is MissingRows) }.map(\.white))
    white = whites.count > 1 ? nil : whites.first ?? 1
  }

  package func mayBeUnusual(_ row: Int) -> Bool {
    let piece = piece(of: row)
    return pieces[piece].mayBeUnusual(row - starts[piece])
  }

  package func read(
    _ row: Int, into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem) {
    let piece = piece(of: row)
    try pieces[piece].read(row - starts[piece], into: output)
  }

  package func read(
    _ row: Int, into output: UnsafeMutableBufferPointer<Double>
  ) throws(RowProblem) {
    let piece = piece(of: row)
    try pieces[piece].read(row - starts[piece], into: output)
  }

  package func number(_ row: Int, element: Int) throws(RowProblem) -> Double {
    let piece = piece(of: row)
    return try pieces[piece].number(row - starts[piece], element: element)
  }

  /// The last piece that begins at or before a row.
  private func piece(of row: Int) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= row { low = middle } else { high = middle }
    }
    return low
  }
}

/// Rows of which nothing is there.
private struct MissingRows: TensorColumn {
  let rowCount: Int
  let shape: Shape

  var isExactInFloat: Bool { true }
  var isAlwaysFinite: Bool { false }

  func read(_ row: Int, into output: UnsafeMutableBufferPointer<Float>) {
    output.update(repeating: .nan)
  }

  func read(_ row: Int, into output: UnsafeMutableBufferPointer<Double>) {
    output.update(repeating: .nan)
  }
}
