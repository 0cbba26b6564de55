package import NNDiagnostics
package import NNJSON

/// Arrays as NumPy writes them: one in a `.npy` file, several in the archive of a `.npz` file.
package struct NumPyFormat: TypedFormat {
  package static let word = NumPySource.word
  /// What the column of a single array is called.
  static let defaultColumn = "values"

  /// The names of the columns of a single array of two axes.
  let columns: [String]?
  /// The columns that arrays of an archive become; nil of all under their own names.
  let arrays: [(column: String, array: String)]?

  init(columns: [String]? = nil, arrays: [(column: String, array: String)]? = nil) {
    self.columns = columns
    self.arrays = arrays
  }

  package var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if let columns { members.append(.init("columns", .array(columns.map { .string($0) }))) }
    if let arrays {
      let pairs = arrays.map { JSONValue.Member($0.column, .string($0.array)) }
      members.append(.init("arrays", .object(pairs)))
    }
    return members
  }

  package init(_ object: inout JSONObject) throws(PreprocessingError) {
    columns = try object.takeOptionalTexts("columns")
    guard let members = object.takeOptional("arrays") else {
      arrays = nil
      return
    }
    let pairs = members.members?.compactMap { member in
      member.value.stringValue.map { (column: member.name, array: $0) }
    }
    guard let pairs, pairs.count == members.members?.count else {
      throw object.wrong("arrays", "names of arrays")
    }
    arrays = pairs
  }

  package func read(
    _ file: DataFile, _ amount: ReadAmount
  ) throws(FileProblem) -> (Table?, [Diagnostic]) {
    parse(try file.bytes(), name: file.path, isHeader: amount == .header)
  }

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    parse(bytes, name: name, isHeader: false)
  }

  private func parse(
    _ bytes: FileBytes, name: String, isHeader: Bool
  ) -> (Table?, [Diagnostic]) {
    let isArchive = bytes.copy(0..<2) == Array("PK".utf8)
    do throws(FormatProblem) {
      let found = isArchive ? try archive(bytes, isHeader) : try array(bytes, isHeader)
      return (Table(name: name, columns: found, format: .typed(self)), [])
    } catch {
      let noun = isArchive ? "an archive of NumPy" : "an array of NumPy"
      return (nil, [error.diagnostic(of: name, a: noun)])
    }
  }

  private func array(
    _ bytes: FileBytes, _ isHeader: Bool
  ) throws(FormatProblem) -> [TypedColumn] {
    guard arrays == nil else {
      throw .unsupported(
        "it is a single array, and arrays are named", help: "Take arrays: out.")
    }
    let array = try NumPyArray(bytes, 0..<bytes.count)
    if let columns { return try array.columns(named: columns, isEmpty: isHeader) }
    return [try array.column(NumPyFormat.defaultColumn, isEmpty: isHeader)]
  }

  private func archive(
    _ bytes: FileBytes, _ isHeader: Bool
  ) throws(FormatProblem) -> [TypedColumn] {
    guard columns == nil else {
      throw .unsupported(
        "it is an archive, whose arrays have names", help: "Say arrays: instead of columns:.")
    }
    let archive = try ZipArchive(bytes)
    let wanted = try self.wanted(archive)
    var columns: [TypedColumn] = []
    var first: (name: String, rows: Int)?
    for (column, member) in wanted {
      let array = try self.array(member, of: archive, bytes)
      guard let rows = array.rowCount else {
        throw .unsupported(
          "its array '\(shortened(column))' is a single value, which has no rows",
          help: "Name the arrays that belong together: arrays: {pixels: x_train, label: y_train}.")
      }
      if let first, first.rows != rows {
        throw .unsupported(
          "its array '\(shortened(column))' has \(rows) rows, '\(shortened(first.name))' has "
            + "\(first.rows)",
          help: "Name the arrays that belong together: arrays: {pixels: x_train, label: y_train}.")
      }
      first = first ?? (column, rows)
      columns.append(try array.column(column, isEmpty: isHeader))
    }
    return columns
  }

  /// The arrays of an archive that become columns, by their names.
  private func wanted(
    _ archive: ZipArchive
  ) throws(FormatProblem) -> [(column: String, member: ZipArchive.Member)] {
    let all = archive.members.map { member in
      (name: member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name, member)
    }
    guard !all.isEmpty else { throw .noRows("it holds no array") }
    guard Set(all.map(\.name)).count == all.count else {
      throw .malformed("two of its members have the same name")
    }
    guard let arrays else { return all.map { (column: $0.name, member: $0.1) } }
    var wanted: [(column: String, member: ZipArchive.Member)] = []
    for (column, array) in arrays {
      // New data may have the arrays under the names of the columns.
      guard
        let found = all.first(where: { $0.name == array })
          ?? all.first(where: { $0.name == column })
      else {
        throw .unsupported(
          "it has no array '\(shortened(array))'", help: "It has \(some(all.map(\.name))).")
      }
      wanted.append((column, found.1))
    }
    return wanted
  }

  private func array(
    _ member: ZipArchive.Member, of archive: ZipArchive, _ bytes: FileBytes
  ) throws(FormatProblem) -> NumPyArray {
    guard member.isDeflated else {
      let range = try archive.range(of: member)
      try archive.check(member, range)
      return try NumPyArray(bytes, range)
    }
    let contents = try archive.contents(of: member)
    return try NumPyArray(FileBytes(contents), 0..<contents.count)
  }
}
