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
    (columns.map { [.init("columns", .array($0.map { .string($0) }))] } ?? [])
      + arrayMembers(arrays)
  }

  package init(_ object: inout JSONObject) throws(PreprocessingError) {
    columns = try object.takeOptionalTexts("columns")
    arrays = try object.takeArrays()
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
    let all = archive.members.map { member in
      (member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name, member)
    }
    var found: [(column: String, array: NumPyArray)] = []
    for (column, member) in try NamedArrays(all: all).chosen(by: arrays) {
      found.append((column, try array(member, of: archive, bytes)))
    }
    try checkEvenRows(found.map { ($0.column, $0.array.rowCount) })
    var columns: [TypedColumn] = []
    for (column, array) in found { columns.append(try array.column(column, isEmpty: isHeader)) }
    return columns
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

/// What a checkpoint keeps of the arrays that become columns.
func arrayMembers(_ arrays: [(column: String, array: String)]?) -> [JSONValue.Member] {
  guard let arrays else { return [] }
  return [.init("arrays", .object(arrays.map { .init($0.column, .string($0.array)) }))]
}

extension JSONObject {
  /// The arrays that become columns; nil of all.
  mutating func takeArrays() throws(PreprocessingError) -> [(column: String, array: String)]? {
    guard let members = takeOptional("arrays") else { return nil }
    let pairs = members.members?.compactMap { member in
      member.value.stringValue.map { (column: member.name, array: $0) }
    }
    guard let pairs, pairs.count == members.members?.count else {
      throw wrong("arrays", "names of arrays")
    }
    return pairs
  }
}
