package import NNDiagnostics

/// Reads a YAML text strictly and reports as many of its problems as one run can find.
///
/// The node is nil if the text is not YAML, is empty, or exceeds a limit. With other errors the
/// tree is still returned, so that its readers can report theirs too: of duplicate keys it has the
/// first, null stands for an unknown alias, and a number out of range is a string.
///
/// - Complexity: O(*n*) in the bytes of the text; aliases share storage with what they name.
package func parseYAML(
  _ source: SourceText, limits: YAMLLimits = YAMLLimits()
) -> (node: YAMLNode?, diagnostics: [Diagnostic]) {
  guard source.text.utf8.count <= limits.textLength else {
    return (nil, [textTooLong(source.name, limits)])
  }
  var builder = TreeBuilder(source: source, limits: limits)
  guard builder.checkText() else { return (nil, builder.diagnostics) }
  let bytes = builder.mask.bytes
  let succeeded = bytes.withUnsafeBufferPointer { buffer in
    let content = UnsafeBufferPointer(rebasing: buffer[builder.positions.contentStart...])
    return builder.consume(LibYAMLEvents(content))
  }
  let node = succeeded ? builder.finishDocument() : nil
  return (node, builder.diagnostics)
}

/// Reads YAML from bytes of unknown encoding: UTF-8, with or without a byte order mark.
///
/// The returned source has the text behind the mark; bytes that are not UTF-8 are replaced in it,
/// so that the diagnostics can be shown.
package func parseYAML(
  bytes: [UInt8], name: String, limits: YAMLLimits = YAMLLimits()
) -> (source: SourceText, node: YAMLNode?, diagnostics: [Diagnostic]) {
  guard bytes.count <= limits.textLength else {
    return (SourceText(name: name, text: ""), nil, [textTooLong(name, limits)])
  }
  if let encoding = foreignEncoding(bytes) {
    let diagnostic = Diagnostic(
      "bad-encoding", "the file is encoded in \(encoding), not in UTF-8", file: name,
      at: .beginning, help: "Save the file as UTF-8.")
    return (SourceText(name: name, text: ""), nil, [diagnostic])
  }
  let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
  if let text = String(validating: content, as: UTF8.self) {
    let source = SourceText(name: name, text: text)
    let (node, diagnostics) = parseYAML(source, limits: limits)
    return (source, node, diagnostics)
  }

  let source = SourceText(name: name, text: String(decoding: content, as: UTF8.self))
  var place = 0
  do throws(UTF8.ValidationError) {
    _ = try UTF8Span(validating: content.span)
  } catch {
    place = error.byteOffsets.lowerBound
  }
  // Repairing leaves everything before the first bad byte in place.
  let start = source.position(atOffset: place)
  let end = source.position(atOffset: place + 3)
  let byte = String(content[content.startIndex + place], radix: 16, uppercase: true)
  let diagnostic = Diagnostic(
    "bad-utf8", "the byte 0x\(byte) is not UTF-8", file: name, at: SourceRange(start, end),
    help: "Save the file as UTF-8; it may be in an older encoding such as Latin-1.")
  return (source, nil, [diagnostic])
}

private func textTooLong(_ name: String, _ limits: YAMLLimits) -> Diagnostic {
  Diagnostic(
    "file-too-large", "the text is larger than \(limits.textLength) bytes", file: name,
    at: .beginning, help: "Keep data in data files and name them under 'data'.")
}

/// The name of the UTF-16 or UTF-32 encoding that the first bytes give away, or nil.
private func foreignEncoding(_ bytes: [UInt8]) -> String? {
  if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
    return "UTF-32"
  }
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
  // Without a mark, an ASCII character beside a zero byte gives UTF-16 away.
  guard bytes.count >= 4 else { return nil }
  let zeros = bytes.prefix(4).map { $0 == 0 }
  return zeros == [true, false, true, false] || zeros == [false, true, false, true]
    ? "UTF-16" : nil
}
