package import NNDiagnostics
package import NNJSON

/// How a file is read as a table, so that others like it can be read the same way.
package enum TableFormat: Sendable {
  /// One record a line, cells between delimiters.
  case cells(CSVFormat)
  /// A text cut into windows of characters.
  case windows(WindowFormat)
  /// A file that knows what its values are.
  case typed(any TypedFormat)

  /// The word of the source that reads it.
  package var word: String {
    switch self {
    case .cells: CSVSource.word
    case .windows: TextSource.word
    case .typed(let format): type(of: format).word
    }
  }
}

extension TableFormat: Equatable {
  package static func == (left: TableFormat, right: TableFormat) -> Bool {
    switch (left, right) {
    case (.cells(let left), .cells(let right)): left == right
    case (.windows(let left), .windows(let right)): left == right
    // What is written the same is read the same.
    case (.typed(let left), .typed(let right)):
      left.json == right.json && type(of: left) == type(of: right)
    default: false
    }
  }
}

/// How a file of typed columns is read: what its source says, as a checkpoint keeps it.
package protocol TypedFormat: Sendable {
  /// The word of the source, which tells formats apart in a checkpoint.
  static var word: String { get }
  /// What a checkpoint keeps beside the word.
  var members: [JSONValue.Member] { get }
  /// Takes what the members say.
  init(_ object: inout JSONObject) throws(PreprocessingError)
  /// Reads a table, or tells what is wrong with the file; of a header the columns and their shapes
  /// are enough.
  func read(
    _ file: DataFile, _ amount: ReadAmount
  ) throws(FileProblem) -> (Table?, [Diagnostic])
  /// Reads a table from the bytes of a whole file.
  func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic])
}

extension TypedFormat {
  package var members: [JSONValue.Member] { [] }

  package func read(
    _ file: DataFile, _ amount: ReadAmount
  ) throws(FileProblem) -> (Table?, [Diagnostic]) {
    parse(try file.bytes(), name: file.path)
  }

  fileprivate var json: JSONValue { .object([.init("kind", JSONValue(Self.word))] + members) }
}

extension TableFormat {
  /// The typed formats that a checkpoint may hold.
  private static let typedFormats: [any TypedFormat.Type] = [
    ARFFFormat.self, IDXFormat.self, ImageFolderFormat.self, ImageListFormat.self,
    JSONLinesFormat.self, LibSVMFormat.self, LinesFormat.self, NumPyFormat.self, SQLiteFormat.self,
    SafetensorsFormat.self,
  ]

  /// What a checkpoint keeps of a typed format.
  static func json(_ format: any TypedFormat) -> JSONValue { format.json }

  /// The typed format that an object with a kind tells.
  static func typed(
    _ json: JSONValue, _ path: String
  ) throws(PreprocessingError) -> TableFormat {
    var object = try JSONObject(json, path: path)
    let kind = try object.takeText("kind")
    guard let type = typedFormats.first(where: { $0.word == kind }) else {
      throw object.wrong("kind", "one of \(typedFormats.map { $0.word })")
    }
    let format = try type.init(&object)
    try object.finish()
    return .typed(format)
  }
}

/// How a text is cut into windows.
package struct WindowFormat: Sendable, Equatable {
  /// Characters of a window.
  package let length: Int
  /// Characters from the beginning of a window to that of the next.
  package let stride: Int

  package init(length: Int, stride: Int) {
    self.length = length
    self.stride = stride
  }
}
