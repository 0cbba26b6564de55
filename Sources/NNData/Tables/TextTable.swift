// From the bytes of a text to a table of its windows, or to what is wrong with it.
package import NNDiagnostics

extension Table {
  /// Cuts a text into windows.
  ///
  /// - name: how messages call the file.
  static func parse(
    _ bytes: [UInt8], name: String, format: WindowFormat
  ) -> (Table?, [Diagnostic]) {
    var bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var problems = TableProblems()
    if bytes.isEmpty {
      problems.add("empty-file", at: .bytes(0..<0), "'\(name)' is empty")
    } else if bytes.withUnsafeBufferPointer({
      checkEncoding($0, name: name, noun: "text", &problems)
    }) {
      let text = WindowedText(String(decoding: bytes, as: UTF8.self), format: format)
      if text.codes.count >= format.length {
        return (Table(name: name, windows: text, bytes: bytes), [])
      }
      problems.add(
        "no-rows", at: .bytes(0..<0),
        "'\(name)' has \(text.codes.count) characters, less than a window of \(format.length)",
        help: "Take a longer text, or smaller windows.")
    }
    return (nil, problems.diagnostics(file: name, bytes: bytes))
  }

  /// The columns of a text nobody has read yet.
  static func header(ofText name: String, format: WindowFormat) -> Table {
    Table(name: name, windows: WindowedText("", format: format), bytes: [])
  }

  /// Reads a table as another one was read.
  ///
  /// - bytes: the whole file.
  /// - name: how messages call it.
  package static func parse(
    _ bytes: [UInt8], name: String, format: TableFormat
  ) -> (Table?, [Diagnostic]) {
    switch format {
    case .cells(let format): parse(bytes, name: name, format: format, headerOnly: false)
    case .windows(let format): parse(bytes, name: name, format: format)
    case .typed(let format): format.parse(FileBytes(bytes), name: name)
    }
  }
}
