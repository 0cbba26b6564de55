/// What a list of images names besides itself.
package struct NamedImages: Sendable, Hashable {
  let format: ImageListFormat

  /// The images of a list, in its order, each by its path as the list has it and as it is opened.
  ///
  /// - openedPath: where the list is.
  /// - Returns: nil where the list cannot be read.
  package func files(ofList openedPath: String) -> [SourceFile]? {
    let file = DataFile(path: openedPath, baseDirectory: "", format: .typed(format))
    guard let bytes = try? file.bytes() else { return nil }
    let cells = Table.parse(
      bytes.copy(0..<bytes.count) ?? [], name: openedPath,
      format: CSVFormat(delimiter: format.delimiter, hasHeader: true), headerOnly: false
    ).0
    guard let cells, let place = cells.column(format.column) else { return nil }
    let base = splitPath(openedPath).folder
    let folder = format.folder.map { joinedPath($0, to: base) } ?? base
    return (0..<cells.rowCount).map { row in
      let path = cells.text(row: row, column: place)
      return SourceFile(path: path, openedPath: joinedPath(path, to: folder))
    }
  }
}

extension ImageListSource {
  package var namedImages: NamedImages? { NamedImages(format: format) }
}
