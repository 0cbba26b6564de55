package import NNDiagnostics
package import NNModel
package import NNYAML

/// Where rows come from: a kind under `source`, `train`, `validation` or `test`.
package protocol Source: Kind {
  /// The ends of the paths that mean this kind where only a path is written, such as `.csv`.
  static var extensions: [String] { get }
  /// Whether its files may also be compressed, which the end of their names says.
  static var mayBeCompressed: Bool { get }
  /// The files it reads, in their order; none where the rows are in the model file.
  var files: [Located<String>] { get }
  /// How it cuts a text into windows; nil where its rows are records.
  var windows: WindowFormat? { get }
  /// Whether its files know what their values are, so that a column may be a tensor.
  var isTyped: Bool { get }
  /// The images that its file names; nil where it names none.
  var namedImages: NamedImages? { get }
  /// Reads the table, or reports and returns nil.
  func read(_ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader) -> Table?
}

extension Source {
  package static var mayBeCompressed: Bool { false }

  /// Whether the end of a path means this kind.
  fileprivate static func reads(_ path: String) -> Bool {
    hasSuffix(path, anyOf: extensions)
      || mayBeCompressed
        && compressedExtensions.contains { end in
          hasSuffix(path, anyOf: extensions.map { $0 + end })
        }
  }

  package var windows: WindowFormat? { nil }
  package var namedImages: NamedImages? { nil }
  package var isTyped: Bool { false }
}

/// What rows are made of.
package enum RowContent: Sendable {
  /// Cells of text, each a number or a word.
  case cells
  /// Values of typed columns, each of which may be a tensor.
  case typed
  /// Windows of a text.
  case windows(WindowFormat)
}

/// The kinds of the data section, for reading and for the manual.
package enum DataCatalogue {
  package static let sources: Registry<any Source> = {
    var registry = Registry<any Source>("source")
    registry.add(ARFFSource.self) { $0 }
    registry.add(CSVSource.self) { $0 }
    registry.add(IDXSource.self) { $0 }
    registry.add(ImageFolderSource.self) { $0 }
    registry.add(ImageListSource.self) { $0 }
    registry.add(JSONLinesSource.self) { $0 }
    registry.add(LibSVMSource.self) { $0 }
    registry.add(LinesSource.self) { $0 }
    registry.add(NumPySource.self) { $0 }
    registry.add(RowsSource.self) { $0 }
    registry.add(SafetensorsSource.self) { $0 }
    registry.add(SQLiteSource.self) { $0 }
    registry.add(TextSource.self) { $0 }
    return registry
  }()

  /// The word of the source that the end of a path tells.
  static func source(ofPath path: String) -> String? {
    sources.entries.first { entry in
      (entry.type as? any Source.Type)?.reads(path) ?? false
    }?.word
  }

  package static let scales: Registry<any Scale> = {
    var registry = Registry<any Scale>("scale")
    registry.add(StandardScale.self) { $0 }
    registry.add(MinMaxScale.self) { $0 }
    registry.add(RobustScale.self) { $0 }
    registry.add(QuantileScale.self) { $0 }
    registry.add(PowerScale.self) { $0 }
    registry.add(FactorScale.self) { $0 }
    registry.add(NoScale.self) { $0 }
    return registry
  }()
}

extension Table {
  /// Reads a table that the command line names, as the end of its path says.
  static func readByExtension(path: String, _ reader: inout Reader) -> Table? {
    let scalar = YAMLScalar(text: path, isPlain: false, value: .string(path))
    let node = YAMLNode(.scalar(scalar), at: .beginning)
    let known = reader.diagnostics.count
    let table = SourceReference.read(node, &reader)?.source
      .read(.everything, baseDirectory: "", &reader)
    // What helps with the paths of a model file does not help here.
    for place in known..<reader.diagnostics.count
    where reader.diagnostics[place].code == "file-not-found" {
      reader.diagnostics[place].help = nil
    }
    return table
  }
}

/// A source in any of its forms: a kind, or a path whose extension tells the kind.
package struct SourceReference: FieldValue {
  package let source: any Source
  /// Where it is written.
  package let range: SourceRange

  package static let expectation = "a path, or a source such as csv: {path: …}"
  package var shownInManual: String { "…" }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> SourceReference? {
    let registry = DataCatalogue.sources
    guard let scalar = node.scalar, !registry.words.contains(scalar.text) else {
      return reader.readKind(node, registry).map {
        SourceReference(source: $0.instance, range: node.range)
      }
    }
    guard case .string(let path) = scalar.value, !path.isEmpty else {
      return reader.wrongType(node, expectation)
    }
    guard let word = DataCatalogue.source(ofPath: path) else {
      let known = registry.entries.flatMap { ($0.type as? any Source.Type)?.extensions ?? [] }
      guard splitPath(path).name.contains(".") else {
        reader.error(
          "unknown-extension", "'\(path)' has no extension that tells its kind of source",
          at: node.range,
          help:
            "A folder of images ends in a slash: \(path)/; else name the kind: csv: {path: \(path)}."
        )
        return nil
      }
      reader.error(
        "unknown-extension", "the extension of '\(path)' tells no kind of source", at: node.range,
        help:
          "Known are \(listed(known)), texts also with .gz or .zst behind; else name the kind: csv: {path: \(path)}."
      )
      return nil
    }
    // What is written short is read as if it were written out.
    let written = YAMLMapping.Entry(key: word, keyRange: node.range, value: node)
    let whole = YAMLNode(.mapping(YAMLMapping([written])), at: node.range)
    return reader.readKind(whole, registry).map {
      SourceReference(source: $0.instance, range: node.range)
    }
  }
}
