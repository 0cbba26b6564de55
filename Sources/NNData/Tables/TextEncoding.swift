import NNDiagnostics

/// Checks that a file of records is a text and has something in it, and reports what it is instead.
func checkText(_ bytes: FileBytes, name: String, _ problems: inout TableProblems) -> Bool {
  guard bytes.count > 0 else {
    problems.add("empty-file", at: .bytes(0..<0), "'\(name)' is empty")
    return false
  }
  return bytes.withBytes {
    checkEncoding($0.bindMemory(to: UInt8.self), name: name, noun: "table", &problems)
  }
}

/// Checks that a file is a text before anyone decodes it, and reports what it is instead.
///
/// - bytes: of a file from its beginning.
/// - noun: what the file should be: a table, a text.
func checkEncoding(
  _ bytes: UnsafeBufferPointer<UInt8>, name: String, noun: String, _ problems: inout TableProblems
) -> Bool {
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
    problems.add(
      "not-utf8", at: .bytes(0..<0), "'\(name)' is written in UTF-16, a \(noun) must be UTF-8",
      help: "'iconv -f UTF-16 -t UTF-8' converts it.")
    return false
  }
  if bytes.starts(with: [0x1F, 0x8B]) {
    problems.add(
      "binary-data", at: .bytes(0..<0), "'\(name)' is compressed with gzip, not a text",
      help: "Add .gz to its name.")
    return false
  }
  if let null = firstOffset(of: 0, in: bytes, from: 0) {
    problems.add(
      "binary-data", at: .bytes(null..<null + 1), "'\(name)' holds a zero byte, so it is no text")
    return false
  }
  guard let bad = firstInvalidByte(bytes) else { return true }
  let hexadecimal = String(bytes[bad], radix: 16, uppercase: true)
  problems.add(
    "not-utf8", at: .bytes(bad..<bad + 1),
    "the byte 0x\(hexadecimal) is not UTF-8, which a \(noun) must be",
    help: "If it was saved as Latin-1, 'iconv -f LATIN1 -t UTF-8' converts it.")
  return false
}

private func firstInvalidByte(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
  do throws(UTF8.ValidationError) {
    _ = try UTF8Span(validating: text.span)
    return nil
  } catch {
    return error.byteOffsets.lowerBound
  }
}
