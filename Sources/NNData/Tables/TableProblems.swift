import NNDiagnostics

/// What is wrong in one table, in reading order and not more than a person wants to read.
struct TableProblems {
  enum Place {
    /// Rows and columns count from zero.
    case cell(row: Int, column: Int)
    case bytes(Range<Int>)
  }

  struct Problem {
    let place: Place
    let code: String
    let message: String
    let label: String?
    let help: String?
  }

  /// How many are told; of the rest, only the number.
  static let limit = 20
  /// And how many of one kind in one column, whose cause is most often the same.
  private static let columnLimit = 5

  private var perColumn: [ColumnProblem: Int] = [:]
  private var problems: [Problem] = []
  private var untold = 0

  var isEmpty: Bool { problems.isEmpty }

  /// Adds a problem. The first ones of each feature come in reading order, so keeping the first
  /// twenty of every call sequence keeps the first twenty of the file.
  mutating func add(
    _ code: String, at place: Place, _ message: @autoclosure () -> String, label: String? = nil,
    help: @autoclosure () -> String? = nil
  ) {
    guard problems.count < TableProblems.limit, isTold(code, at: place) else {
      untold += 1
      return
    }
    problems.append(
      Problem(place: place, code: code, message: message(), label: label, help: help()))
  }

  private struct ColumnProblem: Hashable {
    let code: String
    let column: Int
  }

  private mutating func isTold(_ code: String, at place: Place) -> Bool {
    guard case .cell(_, let column) = place else { return true }
    let count = perColumn[ColumnProblem(code: code, column: column), default: 0] + 1
    perColumn[ColumnProblem(code: code, column: column)] = count
    return count <= TableProblems.columnLimit
  }

  /// How often a problem was met in a column, told or not.
  func count(_ code: String, column: Int) -> Int {
    perColumn[ColumnProblem(code: code, column: column)] ?? 0
  }

  /// Puts one problem in the place of all of a kind in a column.
  ///
  /// - describe: message and help, from the row of the first; nil leaves all as they are.
  mutating func replaceAll(
    _ code: String, column: Int, by other: String,
    _ describe: (_ row: Int) -> (message: String, help: String)?
  ) {
    let all = count(code, column: column)
    let isMeant = { (problem: Problem) in
      if case .cell(_, column) = problem.place { problem.code == code } else { false }
    }
    guard let first = problems.first(where: isMeant), case .cell(let row, _) = first.place,
      let description = describe(row)
    else { return }
    untold -= all - problems.count(where: isMeant)
    problems.removeAll(where: isMeant)
    perColumn[ColumnProblem(code: code, column: column)] = nil
    add(other, at: first.place, description.message, help: description.help)
  }

  /// Takes over what was found elsewhere in the same table.
  mutating func add(_ others: TableProblems) {
    for problem in others.problems {
      if isTold(problem.code, at: problem.place) {
        problems.append(problem)
      } else {
        untold += 1
      }
    }
    untold += others.untold
  }

  /// The problems as diagnostics of a text that is not a table yet.
  ///
  /// - before: what comes before it in its file, where it is a stretch of one.
  func diagnostics(
    file: String, bytes: [UInt8], behind before: TextBefore = TextBefore()
  ) -> [Diagnostic] {
    diagnostics(file: file) { place in
      guard case .bytes(let slice) = place else { return (file, .beginning) }
      return (file, before.range(slice, in: bytes))
    }
  }

  /// The problems as diagnostics of a text that is not a table.
  func diagnostics(file: String, bytes: FileBytes) -> [Diagnostic] {
    bytes.withBytes { memory in
      diagnostics(file: file) { place in
        guard case .bytes(let slice) = place else { return (file, .beginning) }
        return (file, textRange(slice, in: memory))
      }
    }
  }

  func diagnostics(in table: Table) -> [Diagnostic] {
    diagnostics(file: table.name) { place in
      switch place {
      case .cell(let row, let column):
        (table.file(ofRow: row), table.range(row: row, column: column))
      case .bytes(let slice): (table.name, table.before.range(slice, in: table.bytes))
      }
    }
  }

  private func diagnostics(
    file: String, located: (Place) -> (file: String, range: SourceRange)
  ) -> [Diagnostic] {
    let ordered = problems.enumerated().sorted { left, right in
      let (a, b) = (left.element.place.order, right.element.place.order)
      return a == b ? left.offset < right.offset : a < b
    }
    let told = ordered.prefix(TableProblems.limit).map { $0.element }
    var result = told.map { problem in
      let place = located(problem.place)
      return Diagnostic(
        problem.code, problem.message, file: place.file, at: place.range, label: problem.label,
        help: problem.help)
    }
    let rest = untold + problems.count - told.count
    if rest > 0, let last = result.last {
      result.append(
        Diagnostic(
          "more-problems", "\(rest) more \(rest == 1 ? "problem" : "problems") in '\(file)'",
          file: last.file, at: last.range,
          help: "The first are shown; the rest often goes away with them."))
    }
    return result
  }
}

extension TableProblems.Place {
  fileprivate var order: (Int, Int) {
    switch self {
    case .cell(let row, let column): (row, column)
    case .bytes(let slice): (slice.lowerBound, 0)
    }
  }
}
