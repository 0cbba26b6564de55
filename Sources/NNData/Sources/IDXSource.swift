package import NNModel

package struct IDXSource: Source {
  package static let word = "idx"
  package static let summary = """
    Arrays in IDX files, as those of MNIST and Fashion-MNIST: one file is one column, and its first \
    axis are the rows. Bytes stay bytes until they are scaled. Files ending in .gz or .zst are decompressed.
    """
  package static let example =
    "idx: {columns: {pixels: train-images-idx3-ubyte.gz, label: train-labels-idx1-ubyte.gz}}"
  package static let extensions = [".idx", "-ubyte"]
  package static let mayBeCompressed = true

  @Field(
    "The files by the names of their columns; a path alone is a column named 'values'.",
    principal: true)
  package var columns: NamedTexts

  package init() {}

  package var files: [Located<String>] { columns.entries.map(\.text) }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    let tables = columns.entries.compactMap { entry in
      let format = IDXFormat(column: entry.name ?? IDXFormat.defaultColumn)
      return entry.text.read(
        as: .typed(format), amount, baseDirectory: baseDirectory, &reader)
    }
    guard tables.count == columns.entries.count, let first = tables.first else { return nil }
    var isEven = true
    for (table, entry) in zip(tables, columns.entries) where table.rowCount != first.rowCount {
      reader.error(
        "uneven-columns",
        "'\(table.name)' has \(table.rowCount) rows, '\(first.name)' has \(first.rowCount)",
        at: entry.text.range, help: "Files of one source hold the same rows.")
      isEven = false
    }
    guard isEven else { return nil }
    return Table(
      name: first.name, columns: tables.flatMap { $0.typed?.columns ?? [] }, format: first.format)
  }
}
