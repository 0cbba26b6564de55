package import NNDiagnostics
import NNData

extension Checked {
  /// The findings as people read them, in order, each with the line it points at.
  package func rendered(by renderer: TerminalRenderer) -> [String] {
    var texts: [String: SourceText] = [:]
    if let source { texts[source.name] = source }
    for file in files where diagnostics.contains(where: { $0.file == file.path }) {
      texts[file.path] = texts[file.path] ?? file.text
    }
    return diagnostics.map { renderer.render($0, in: texts[$0.file]) }
  }
}

extension SourceFile {
  /// No line of a larger file is shown.
  private static let largest = 4 << 20

  /// The file as findings count its places, or nil where it is no plain text of a moderate size.
  fileprivate var text: SourceText? {
    guard let size = fileSize(openedPath), size <= SourceFile.largest,
      case .success(let bytes) = readBytes(openedPath), !bytes.contains(0)
    else { return nil }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    return SourceText(name: path, text: String(decoding: content, as: UTF8.self))
  }
}
