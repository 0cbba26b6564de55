// SQLite through its C library: one connection that can only read, and one statement at a time. Every
// pointer of the library stays in this file.
import CSQLite

/// Why rows cannot be read from a database.
enum SQLiteProblem: Error, Equatable {
  case file(FormatProblem)
  /// What the library says of a statement.
  case statement(String)
}

/// A value of a row.
enum SQLiteValue: Equatable {
  case null
  case number(Double)
  case text(String)
  case notUTF8
  case blob
}

/// A database that is open for reading.
struct SQLiteDatabase: ~Copyable {
  private let connection: OpaquePointer

  /// Opens a file that nobody writes to.
  init(path: String) throws(SQLiteProblem) {
    // In a URI signs have meanings; every byte that is no letter or digit is written as its number.
    let escaped = path.utf8.map { byte in
      let isPlain = byte == UInt8(ascii: "/") || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
      let digits = String(byte, radix: 16)
      return isPlain
        ? String(Unicode.Scalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
    }
    connection = try SQLiteDatabase.open(
      "file:\(escaped.joined())?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
  }

  /// Opens a database that lies in memory, which must stay until it is closed.
  init(memory: UnsafeRawBufferPointer) throws(SQLiteProblem) {
    let opened = try SQLiteDatabase.open(":memory:", SQLITE_OPEN_READWRITE)
    let start = UnsafeMutableRawPointer(mutating: memory.baseAddress)
    let size = sqlite3_int64(memory.count)
    let status = sqlite3_deserialize(
      opened, "main", start?.assumingMemoryBound(to: UInt8.self), size, size,
      UInt32(SQLITE_DESERIALIZE_READONLY))
    guard status == SQLITE_OK else {
      sqlite3_close(opened)
      throw .file(.malformed(String(cString: sqlite3_errstr(status))))
    }
    connection = opened
  }

  private static func open(
    _ name: String, _ flags: Int32
  ) throws(SQLiteProblem) -> OpaquePointer {
    var opened: OpaquePointer?
    let status = sqlite3_open_v2(name, &opened, flags, nil)
    guard status == SQLITE_OK, let opened else {
      sqlite3_close(opened)
      throw .file(.malformed(String(cString: sqlite3_errstr(status))))
    }
    // A file is a stranger's: what its schema says is not run, and damaged pages are noticed.
    sqlite3_exec(opened, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON", nil, nil, nil)
    return opened
  }

  deinit { sqlite3_close(connection) }

  private var message: String { String(cString: sqlite3_errmsg(connection)) }

  /// The names of the tables and views, sorted.
  func tables() throws(SQLiteProblem) -> [String] {
    var names: [String] = []
    let query =
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' "
      + "ORDER BY name"
    let statement = try prepare(query)
    while let row = try next(statement) {
      if case .text(let name) = row.value(0) { names.append(name) }
    }
    return names
  }

  /// Prepares a statement that gives rows.
  func prepare(_ query: String) throws(SQLiteProblem) -> SQLiteStatement {
    var prepared: OpaquePointer?
    var hasMore = false
    let status = query.withCString { text in
      var rest: UnsafePointer<CChar>?
      let status = sqlite3_prepare_v2(connection, text, -1, &prepared, &rest)
      // Behind the statement only blanks and its end may stand.
      hasMore =
        rest.map { !String(cString: $0).allSatisfy { $0.isWhitespace || $0 == ";" } } ?? false
      return status
    }
    guard status == SQLITE_OK else { throw problem(status) }
    guard let prepared else { throw .statement("it is empty; a query begins with SELECT") }
    let statement = SQLiteStatement(prepared)
    guard sqlite3_column_count(prepared) > 0, sqlite3_stmt_readonly(prepared) != 0 else {
      throw .statement("it gives no rows; a query begins with SELECT")
    }
    guard !hasMore else { throw .statement("more than one statement is written") }
    return statement
  }

  /// The next row, until the statement is asked for another; nil behind the last.
  func next(_ statement: borrowing SQLiteStatement) throws(SQLiteProblem) -> SQLiteRow? {
    switch sqlite3_step(statement.pointer) {
    case SQLITE_ROW: return SQLiteRow(statement: statement.pointer)
    case SQLITE_DONE: return nil
    case let status: throw problem(status)
    }
  }

  /// What went wrong: in the file, or in what was asked of it.
  private func problem(_ status: Int32) -> SQLiteProblem {
    switch status & 0xFF {
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_FORMAT:
      .file(.malformed(message))
    default: .statement(message)
    }
  }
}

/// A statement that was prepared.
struct SQLiteStatement: ~Copyable {
  fileprivate let pointer: OpaquePointer

  fileprivate init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { sqlite3_finalize(pointer) }

  var columnNames: [String] {
    (0..<sqlite3_column_count(pointer)).map { column in
      sqlite3_column_name(pointer, column).map { String(cString: $0) } ?? ""
    }
  }
}

/// The row that a statement is at.
struct SQLiteRow {
  fileprivate let statement: OpaquePointer

  func value(_ column: Int) -> SQLiteValue {
    let column = Int32(column)
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .number(Double(sqlite3_column_int64(statement, column)))
    case SQLITE_FLOAT: return .number(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      guard let start = sqlite3_column_text(statement, column) else { return .text("") }
      let count = Int(sqlite3_column_bytes(statement, column))
      let bytes = UnsafeBufferPointer(start: start, count: count)
      return String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .notUTF8
    case SQLITE_BLOB: return .blob
    default: return .null
    }
  }
}
