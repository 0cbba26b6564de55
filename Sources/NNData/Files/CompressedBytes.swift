package import NNDiagnostics

extension Table {
  /// Reads a table that comes without a file's name, such as from standard input: it is decompressed
  /// where its first bytes say that it is compressed.
  package static func parse(
    input bytes: [UInt8], name: String, format: TableFormat
  ) -> (Table?, [Diagnostic]) {
    do throws(FileProblem) {
      return parse(try decompressed(bytes), name: name, format: format)
    } catch {
      let finding = Diagnostic(
        error.code, error.message(path: name), file: name, at: .beginning, help: error.help)
      return (nil, [finding])
    }
  }
}

/// Bytes as they are, or what they are the compressed form of: gzip begins with 1f 8b, Zstandard with
/// 28 b5 2f fd. No text that is UTF-8 begins so.
func decompressed(_ bytes: [UInt8]) throws(FileProblem) -> [UInt8] {
  if bytes.starts(with: [0x1F, 0x8B]) { return try gunzip(bytes) }
  if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return try unzstd(bytes) }
  return bytes
}
