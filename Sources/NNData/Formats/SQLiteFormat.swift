package import NNDiagnostics
package import NNJSON

/// The rows that a query gives, or those of a table.
package struct SQLiteFormat: TypedFormat {
  package static let word = SQLiteSource.word

  let query: String?
  let table: String?

  package var members: [JSONValue.Member] {
    [("query", query), ("table", table)].compactMap { name, text in
      text.map { .init(name, JSONValue($0)) }
    }
  }

  init(query: String? = nil, table: String? = nil) {
    self.query = query
    self.table = table
  }

  package init(_ object: inout JSONObject) throws(PreprocessingError) {
    query = try object.takeOptionalText("query")
    table = try object.takeOptionalText("table")
  }

  package func read(
    _ file: DataFile, _ amount: ReadAmount
  ) throws(FileProblem) -> (Table?, [Diagnostic]) {
    let (found, diagnostics) = try rows(file, amount)
    switch found {
    case .success(let table): return (table, diagnostics)
    case .failure(let problem): return (nil, [problem.diagnostic(of: file.path)])
    }
  }

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    bytes.withBytes { memory in
      do throws(SQLiteProblem) {
        let database = try SQLiteDatabase(memory: memory)
        let (table, problems) = try read(database, name: name, .everything)
        return (table, problems)
      } catch {
        return (nil, [error.diagnostic(of: name)])
      }
    }
  }

  /// Reads a file; a problem of the statement is given back, for its place is elsewhere.
  func rows(
    _ file: DataFile, _ amount: ReadAmount
  ) throws(FileProblem) -> (Result<Table?, SQLiteProblem>, [Diagnostic]) {
    // The library must not wait for a pipe.
    let path = file.openedPath
    _ = try readFile(path, limit: 0)
    do throws(SQLiteProblem) {
      if (sizeOfFile(path + "-wal") ?? 0) > 0 {
        throw .file(
          .unsupported(
            "a part of it is still in '\(file.path)-wal'",
            help: "Close the program that writes to it, or run PRAGMA wal_checkpoint."))
      }
      let database = try SQLiteDatabase(path: path)
      let (table, problems) = try read(database, name: file.path, amount)
      return (.success(table), problems)
    } catch {
      return (.failure(error), [])
    }
  }

  private func read(
    _ database: borrowing SQLiteDatabase, name: String, _ amount: ReadAmount
  ) throws(SQLiteProblem) -> (Table?, [Diagnostic]) {
    let query = if let query { query } else { try Self.query(ofTable: table, in: database) }
    let statement = try database.prepare(query)
    let names = statement.columnNames
    if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw .statement("two of its columns are named '\(shortened(name))'; rename one with AS")
    }
    var builders = names.map { ColumnBuilder($0) }
    var problems = TableProblems()
    while amount.readsRows, let row = try database.next(statement) {
      for column in builders.indices {
        append(row.value(column), to: &builders[column], column, &problems)
      }
    }
    if amount.readsRows, problems.isEmpty, builders.first?.rowCount == 0 {
      problems.add("no-rows", at: .bytes(0..<0), "the query of '\(name)' gives no rows")
    }
    guard problems.isEmpty else {
      return (nil, problems.diagnostics(file: name, bytes: FileBytes([])))
    }
    return (
      Table(name: name, columns: builders.map(\.column), format: .typed(self)), []
    )
  }

  private func append(
    _ value: SQLiteValue, to builder: inout ColumnBuilder, _ column: Int,
    _ problems: inout TableProblems
  ) {
    let row = builder.rowCount
    let place = "row \(row + 1), column '\(shortened(builder.name))'"
    func report(_ code: String, _ message: String, _ help: String? = nil) {
      problems.add(code, at: .cell(row: row, column: column), "\(place) \(message)", help: help)
    }
    let fits: Bool
    let found: ColumnBuilder.Kind
    switch value {
    case .null: return builder.appendMissing()
    case .number(let number):
      found = .numbers
      fits = builder.append(number)
    case .text(let text):
      found = .words
      fits = builder.append(text)
    case .notUTF8:
      report("not-utf8", "is a text that is not UTF-8")
      return builder.appendMissing()
    case .blob:
      report(
        "unsupported-values", "is a blob, whose meaning is not known",
        "Leave the column out of the query, or CAST it.")
      return builder.appendMissing()
    }
    guard !fits, let kind = builder.kind else { return }
    report(
      "mixed-values", "is \(found.described), in the rows before it is \(kind.described)",
      "CAST the column to REAL or TEXT in the query.")
    builder.appendMissing()
  }

  /// The query for all of a table, by default the only one.
  private static func query(
    ofTable name: String?, in database: borrowing SQLiteDatabase
  ) throws(SQLiteProblem) -> String {
    let tables = try database.tables()
    let wanted: String
    if let name {
      guard tables.contains(name) else {
        throw .statement(
          "there is no table '\(shortened(name))'"
            + (tables.isEmpty ? "" : ", its tables are \(some(tables))"))
      }
      wanted = name
    } else {
      guard tables.count == 1 else {
        throw .statement(
          tables.isEmpty
            ? "it has no table" : "say query or table; its tables are \(some(tables))")
      }
      wanted = tables[0]
    }
    return "SELECT * FROM \"\(wanted.replacing("\"", with: "\"\""))\""
  }
}

extension SQLiteProblem {
  /// What to say where there is no query in a model file to point at.
  func diagnostic(of name: String) -> Diagnostic {
    switch self {
    case .file(let problem): problem.diagnostic(of: name, a: "a database of SQLite")
    case .statement(let reason):
      Diagnostic("bad-query", "'\(name)': \(reason)", file: name, at: .beginning)
    }
  }
}
