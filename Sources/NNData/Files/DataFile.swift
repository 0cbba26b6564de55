package import NNDiagnostics
import NNModel

/// How much of a file is read.
package enum ReadAmount: Sendable, Equatable {
  /// The names of the columns only.
  case header
  case everything
  /// All rows; a table of cells that would take more than so many bytes stays in its file.
  case within(bytes: Int, DataStorage)

  var readsRows: Bool { self != .header }
}

/// A table or a text in a file, plain or compressed.
package struct DataFile {
  /// As the person wrote it.
  package let path: String
  package let openedPath: String
  let format: TableFormat
  private let baseDirectory: String

  init(path: String, baseDirectory: String, format: TableFormat) {
    self.path = path
    self.format = format
    self.baseDirectory = baseDirectory
    openedPath = joinedPath(path, to: baseDirectory)
  }

  /// Reads the file, or those that its path is a pattern of as one table.
  func read(_ amount: ReadAmount) throws(FileProblem) -> (Table?, [Diagnostic]) {
    if case .windows = format { return try readOne(amount) }
    let matching = matchingPaths(path, baseDirectory: baseDirectory)
    if case .cells(let format) = format, case .within(let limit, let storage) = amount,
      let streamed = try stream(matching ?? [path], format, limit: limit, storage)
    {
      return streamed
    }
    guard let paths = matching else { return try readOne(amount) }
    guard !paths.isEmpty else { throw .notFound }
    var tables: [Table] = []
    var findings: [Diagnostic] = []
    for path in paths {
      let (table, found) = sibling(path).readPart(amount)
      if let table { tables.append(table) }
      findings += found
    }
    guard tables.count == paths.count else { return (nil, findings) }
    return Table.joined(tables, name: path)
  }

  /// Another file that is read in the same way.
  func sibling(_ path: String) -> DataFile {
    DataFile(path: path, baseDirectory: baseDirectory, format: format)
  }

  /// Reads a file of several, in which it is told that it cannot be read.
  private func readPart(_ amount: ReadAmount) -> (Table?, [Diagnostic]) {
    do throws(FileProblem) {
      return try readOne(amount)
    } catch {
      let words = words(for: error)
      let finding = Diagnostic(
        error.code, words.message, file: path, at: .beginning, help: words.help)
      return (nil, [finding])
    }
  }

  private func readOne(_ amount: ReadAmount) throws(FileProblem) -> (Table?, [Diagnostic]) {
    switch (format, amount) {
    case (.typed(let format), _):
      return try format.read(self, amount)
    case (_, .everything), (_, .within):
      return Table.parse(try text(of: readFile(openedPath)), name: path, format: format)
    case (.cells(let format), .header):
      return Table.parse(try beginning(format), name: path, format: format, headerOnly: true)
    case (.windows(let format), .header):
      // Only that there is a file, for the columns are always the same.
      _ = try readFile(openedPath, limit: 1)
      return (Table.header(ofText: path, format: format), [])
    }
  }

  /// All of the file, decompressed where its name says so.
  func bytes() throws(FileProblem) -> FileBytes {
    guard isCompressed(path) else { return try FileBytes(mapping: openedPath) }
    return FileBytes(try text(of: readFile(openedPath)))
  }

  /// As many bytes from its beginning, or fewer where it ends before; decompressed.
  func beginning(_ count: Int) throws(FileProblem) -> FileBytes {
    // What is compressed needs more than one block.
    let limit = isCompressed(path) ? max(count, 1 << 18) : count
    let bytes = try text(of: readFile(openedPath, limit: limit))
    return FileBytes(bytes.count > count ? Array(bytes[..<count]) : bytes)
  }

  /// Enough of the text to hold the first record.
  func beginning(_ format: CSVFormat) throws(FileProblem) -> [UInt8] {
    var limit = 1 << 16
    while true {
      let (bytes, isWhole) = try readFile(openedPath, limit: limit)
      let beginning = try text(of: (bytes, isWhole))
      let delimiter = format.delimiter(ofPath: path)
      if isWhole || holdsFirstRecord(beginning, delimiter: delimiter) { return beginning }
      limit *= 4
    }
  }

  private func text(of file: (bytes: [UInt8], isWhole: Bool)) throws(FileProblem) -> [UInt8] {
    if hasSuffix(path, anyOf: [".gz"]) { return try gunzip(file.bytes, isPrefix: !file.isWhole) }
    if hasSuffix(path, anyOf: [".zst"]) { return try unzstd(file.bytes, isPrefix: !file.isWhole) }
    return file.bytes
  }

  /// What to say about a file that cannot be read.
  func words(for problem: FileProblem) -> (message: String, label: String?, help: String?) {
    guard problem == .notFound else { return (problem.message(path: path), nil, problem.help) }
    if path.contains("*") {
      return (
        "no file matches '\(path)'", nil,
        "A star stands for any characters of a file's name, not of its folder's."
      )
    }
    let folder = splitPath(openedPath).folder
    if !folder.isEmpty, listFolder(folder) == nil {
      return (
        "there is no file '\(path)', nor a folder '\(splitPath(path).folder)'", nil,
        "Paths are relative to the model file; this one is '\(openedPath)'."
      )
    }
    let label = nearestPath(to: path, baseDirectory: baseDirectory).map { didYouMean($0) }
    let help =
      label == nil ? "Paths are relative to the model file; this one is '\(openedPath)'." : nil
    return (problem.message(path: path), label, help)
  }
}

extension Located<String> {
  /// Reads the file of this path as a source says, or reports at its place what is wrong.
  func read(
    as format: TableFormat, _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    DataFile(path: value, baseDirectory: baseDirectory, format: format)
      .read(amount, at: range, &reader)
  }
}

extension DataFile {
  /// Reads the file that a source names, or reports at its place what is wrong.
  func read(
    _ amount: ReadAmount, at range: SourceRange, _ reader: inout Reader
  ) -> Table? {
    do throws(FileProblem) {
      let (table, diagnostics) = try read(amount)
      reader.diagnostics += diagnostics
      return table
    } catch {
      report(error, at: range, &reader)
      return nil
    }
  }

  /// Reports at its place in the model file why the file cannot be read.
  func report(_ problem: FileProblem, at range: SourceRange, _ reader: inout Reader) {
    let words = words(for: problem)
    reader.error(problem.code, words.message, at: range, label: words.label, help: words.help)
  }
}

extension Table {
  /// Reads a table that the command line names; a checkpoint knows its format.
  ///
  /// - Parameters:
  ///   - path: as it is opened.
  ///   - format: how it is written.
  ///   - memory: the most bytes that a table of cells may take; a larger one stays in its file.
  ///   - storage: where what is made of that goes.
  /// - Returns: the table, or what is wrong with it.
  package static func read(
    path: String, format: TableFormat = .cells(CSVFormat()), memory: Int = .max,
    storage: DataStorage = .temporary
  ) -> (Table?, [Diagnostic]) {
    let file = DataFile(path: path, baseDirectory: "", format: format)
    do throws(FileProblem) {
      return try file.read(.within(bytes: memory, storage))
    } catch {
      let words = file.words(for: error)
      let help = error == .notFound ? nil : words.help
      return (
        nil,
        [
          Diagnostic(
            error.code, words.message, file: path, at: .beginning, label: words.label, help: help)
        ]
      )
    }
  }
}
