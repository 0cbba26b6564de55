package import NNDiagnostics
package import NNJSON

/// A table in a text one of whose columns holds paths of images.
package struct ImageListFormat: TypedFormat {
  package static let word = ImageListSource.word

  /// The column of paths.
  let column: String
  /// What the paths are relative to, itself relative to the list's folder; nil is that folder.
  let folder: String?
  let delimiter: UInt8?

  init(column: String, folder: String?, delimiter: UInt8?) {
    self.column = column
    self.folder = folder
    self.delimiter = delimiter
  }

  package var members: [JSONValue.Member] {
    var members = [JSONValue.Member("column", JSONValue(column))]
    if let folder { members.append(.init("folder", JSONValue(folder))) }
    if let delimiter {
      members.append(.init("delimiter", JSONValue(String(Character(Unicode.Scalar(delimiter))))))
    }
    return members
  }

  package init(_ object: inout JSONObject) throws(PreprocessingError) {
    column = try object.takeText("column")
    folder = try object.takeOptionalText("folder")
    let text = try object.takeOptionalText("delimiter")
    guard text == nil || text?.utf8.count == 1 else {
      throw object.wrong("delimiter", "one character")
    }
    delimiter = text?.utf8.first
  }

  package func read(
    _ file: DataFile, _ amount: ReadAmount
  ) throws(FileProblem) -> (Table?, [Diagnostic]) {
    let bytes = try file.bytes()
    return parse(
      bytes.copy(0..<bytes.count) ?? [], file.path, splitPath(file.openedPath).folder, amount)
  }

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    parse(bytes.copy(0..<bytes.count) ?? [], name, "", .everything)
  }

  /// - base: the folder of the list.
  private func parse(
    _ bytes: [UInt8], _ name: String, _ base: String, _ amount: ReadAmount
  ) -> (Table?, [Diagnostic]) {
    let format = CSVFormat(delimiter: delimiter, hasHeader: true)
    let (cells, diagnostics) = Table.parse(bytes, name: name, format: format, headerOnly: false)
    guard let cells else { return (nil, diagnostics) }
    guard let place = cells.column(column) else {
      let suggestion = nearest(to: column, among: cells.columnNames)
      return (
        nil,
        [
          Diagnostic(
            "missing-column", "'\(name)' has no column '\(column)' of paths", file: name,
            at: .beginning, label: suggestion.map { didYouMean($0) },
            help: "It has \(some(cells.columnNames)); say column: for another.")
        ]
      )
    }
    var problems = TableProblems()
    let paths = (0..<cells.rowCount).map { cells.text(row: $0, column: place) }
    let images = ImageColumn(
      paths, in: folder.map { joinedPath($0, to: base) } ?? base, amount, &problems
    ) { .cell(row: $0, column: place) }
    guard let images else { return (nil, problems.diagnostics(in: cells)) }
    let columns = cells.columnNames.enumerated().map { position, name in
      position == place
        ? TypedColumn(name, .tensors(images))
        : TypedColumn(name, words(cells, position, amount))
    }
    return (
      Table(
        name: name, columns: columns, format: .typed(self), text: FileBytes(cells.bytes),
        rowStarts: cells.rowStarts), diagnostics
    )
  }

  private func words(_ cells: Table, _ column: Int, _ amount: ReadAmount) -> TypedColumn.Values {
    var words = WordCodes()
    for row in 0..<(amount.readsRows ? cells.rowCount : 0) {
      let cell = cells.content(row: row, column: column)
      if isMissing(cell) {
        words.appendMissing()
      } else {
        words.append(String(decoding: cell, as: UTF8.self))
      }
    }
    return words.values
  }
}
