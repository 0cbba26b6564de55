package import NNDiagnostics
package import NNJSON

/// The files that MNIST made known: two zeros, the type of the numbers, how many axes, their sizes,
/// then the numbers, all big-endian.
package struct IDXFormat: TypedFormat {
  package static let word = IDXSource.word
  /// What a file's only column is called.
  static let defaultColumn = "values"

  let column: String

  init(column: String = IDXFormat.defaultColumn) { self.column = column }

  package var members: [JSONValue.Member] { [.init("column", JSONValue(column))] }

  package init(_ object: inout JSONObject) throws(PreprocessingError) {
    column = try object.takeText("column")
  }

  package func read(
    _ file: DataFile, _ amount: ReadAmount
  ) throws(FileProblem) -> (Table?, [Diagnostic]) {
    // The longest header has 255 axes.
    let bytes = amount == .header ? try file.beginning(4 + 4 * 255) : try file.bytes()
    return parse(bytes, name: file.path, amount)
  }

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    parse(bytes, name: name, .everything)
  }

  private func parse(
    _ bytes: FileBytes, name: String, _ amount: ReadAmount
  ) -> (Table?, [Diagnostic]) {
    do throws(FormatProblem) {
      let header = try IDXHeader(bytes)
      if amount.readsRows { try header.checkSize(bytes) }
      let sizes = amount.readsRows ? header.sizes : [0] + header.sizes.dropFirst()
      let array = ArrayColumn(
        amount.readsRows ? bytes : FileBytes([]),
        at: amount.readsRows ? header.byteCount : 0, sizes: sizes, element: header.element,
        isBigEndian: true)
      guard let array else { throw .malformed("it is larger than memory") }
      let format = TableFormat.typed(self)
      return (Table(name: name, columns: [TypedColumn(column, array)], format: format), [])
    } catch {
      return (nil, [error.diagnostic(of: name, a: "an IDX file")])
    }
  }
}

private struct IDXHeader {
  let element: ElementType
  let sizes: [Int]
  let byteCount: Int

  init(_ bytes: FileBytes) throws(FormatProblem) {
    guard let start = bytes.copy(0..<4), start[0] == 0, start[1] == 0 else {
      throw .malformed("it does not begin with two zeros and the type of its numbers")
    }
    switch start[2] {
    case 0x08: element = .uint8
    case 0x09: element = .int8
    case 0x0B: element = .int16
    case 0x0C: element = .int32
    case 0x0D: element = .float32
    case 0x0E: element = .float64
    default:
      throw .malformed("it knows no type of numbers 0x\(String(start[2], radix: 16))")
    }
    let axes = Int(start[3])
    guard axes > 0 else { throw .malformed("it has no axes") }
    byteCount = 4 + 4 * axes
    guard let header = bytes.copy(4..<byteCount) else { throw .malformed("its header ends early") }
    sizes = (0..<axes).map { axis in
      header[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    try checkRows(sizes)
  }

  func checkSize(_ bytes: FileBytes) throws(FormatProblem) {
    let wanted = NNData.byteCount(of: sizes, element)
    guard let wanted, wanted == bytes.count - byteCount else {
      throw .malformed(
        "its header tells of \(sizes.shown) numbers, "
          + "\(wanted.map(String.init) ?? "too many") bytes, and \(bytes.count - byteCount) follow")
    }
  }
}
