/// An array that NumPy wrote, in bytes of a file or decompressed from one.
struct NumPyArray {
  let header: NumPyHeader
  private let bytes: FileBytes
  /// Where its values begin.
  private let start: Int

  /// The array that lies in a range of some bytes.
  init(_ bytes: FileBytes, _ range: Range<Int>) throws(FormatProblem) {
    let longest = range.lowerBound + min(range.count, 12 + NumPyHeader.limit)
    header = try NumPyHeader(bytes.copy(range.lowerBound..<longest) ?? [])
    self.bytes = bytes
    start = range.lowerBound + header.byteCount
    let held = range.count - header.byteCount
    guard let wanted = byteCount(of: header.sizes + [header.value.byteCount], .uint8),
      wanted == held
    else {
      throw .malformed(
        "its header tells of \(header.sizes.shown) values of \(header.value.byteCount) bytes, and "
          + "\(held) bytes follow")
    }
  }

  /// How many rows there are; nil of a single value, which has no rows.
  var rowCount: Int? { header.sizes.first }

  /// A column of all rows, or of none with the same shape.
  func column(_ name: String, isEmpty: Bool) throws(FormatProblem) -> TypedColumn {
    try checkRows(header.sizes)
    switch header.value {
    case .number(let element, let isBigEndian):
      let sizes = isEmpty ? [0] + header.sizes.dropFirst() : header.sizes
      let array = ArrayColumn(
        bytes, at: start, sizes: sizes, element: element, isBigEndian: isBigEndian,
        isFortran: header.isFortran)
      guard let array else { throw .malformed("its values lie outside of it") }
      return TypedColumn(name, array)
    case .text, .bytes:
      guard header.sizes.count == 1 else {
        throw .unsupported(
          "'\(name)' holds \(header.sizes.shown) texts, and a column of texts has one a row",
          help: "Save each column as an array.")
      }
      return TypedColumn(name, try words(isEmpty ? 0 : header.sizes[0]).values)
    }
  }

  /// The columns of an array of two axes, each a number a row.
  func columns(named names: [String], isEmpty: Bool) throws(FormatProblem) -> [TypedColumn] {
    try checkRows(header.sizes)
    guard header.sizes.count == 2, header.sizes[1] == names.count,
      case .number(let element, let isBigEndian) = header.value
    else {
      throw .unsupported(
        "it holds \(header.sizes.shown) values, and \(names.count) columns are named",
        help: "Names are for the numbers along the second of two axes.")
    }
    let (rows, width) = (header.sizes[0], header.sizes[1])
    let array = ArrayColumn(
      bytes, at: start, sizes: header.sizes, element: element, isBigEndian: isBigEndian,
      isFortran: header.isFortran)
    guard let array else { throw .malformed("its values lie outside of it") }
    var numbers = names.map { _ in [Double]() }
    var row = [Double](repeating: 0, count: width)
    for place in numbers.indices where !isEmpty { numbers[place].reserveCapacity(rows) }
    for index in 0..<(isEmpty ? 0 : rows) {
      row.withUnsafeMutableBufferPointer { array.read(index, into: $0) }
      for place in numbers.indices { numbers[place].append(row[place]) }
    }
    return zip(names, numbers).map { TypedColumn($0, .numbers($1)) }
  }

  private func words(_ count: Int) throws(FormatProblem) -> WordCodes {
    var words = WordCodes()
    words.reserve(count)
    let size = header.value.byteCount
    for row in 0..<count {
      let from = start + row * size
      guard let value = bytes.copy(from..<from + size), let word = header.value.word(value) else {
        throw .malformed("the text of row \(row + 1) is no text")
      }
      words.append(word)
    }
    return words
  }
}

extension NumPyHeader.Value {
  /// What the bytes of a text say; nil where they are no text.
  fileprivate func word(_ bytes: [UInt8]) -> String? {
    switch self {
    case .number: return nil
    case .bytes:
      let text = bytes[..<(bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)]
      return String(validating: text, as: UTF8.self)
    case .text(let characters, let isBigEndian):
      var scalars = String.UnicodeScalarView()
      var zeros = 0
      for place in 0..<characters {
        guard let word = littleEndian(UInt32.self, bytes, at: 4 * place),
          let scalar = Unicode.Scalar(isBigEndian ? word.byteSwapped : word)
        else { return nil }
        // Those at the end fill it up; others are part of it.
        if scalar.value == 0 {
          zeros += 1
        } else {
          for _ in 0..<zeros { scalars.append("\0") }
          zeros = 0
          scalars.append(scalar)
        }
      }
      return String(scalars)
    }
  }
}

extension [Int] {
  /// Sizes of axes, as messages show them.
  var shown: String { isEmpty ? "no" : map(String.init).joined(separator: " × ") }
}
