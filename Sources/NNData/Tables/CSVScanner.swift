// Splits bytes into records and cells by RFC 4180. This is the hot loop of reading, so it works
// on raw memory and keeps only positions.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where a byte first stands, from an offset on.
func firstOffset(of byte: UInt8, in text: UnsafeBufferPointer<UInt8>, from offset: Int) -> Int? {
  guard offset < text.count, let base = text.baseAddress,
    let found = memchr(base + offset, Int32(byte), text.count - offset)
  else { return nil }
  return UnsafeRawPointer(found) - UnsafeRawPointer(base)
}

/// Walks over the records of a text.
struct CSVScanner {
  struct Record {
    let start: Int
    /// Where the line break stands, or the end of the text.
    let end: Int
    let cellCount: Int
    /// Where the first cell past the wanted ones begins.
    let firstExtra: Int?
    let problem: Problem?
  }

  enum Problem: Equatable {
    case unclosedQuote(at: Int)
    case textAfterQuote(at: Int)
  }

  let text: UnsafeBufferPointer<UInt8>
  let delimiter: UInt8
  var index: Int
  /// Where delimiters and line breaks stand in the text from here on.
  var marks = MarkedBlock()

  init(_ text: UnsafeBufferPointer<UInt8>, delimiter: UInt8, from index: Int = 0) {
    self.text = text
    self.delimiter = delimiter
    self.index = index
  }

  /// Reads one record and appends where its cells begin, from the record's start, and its end
  /// plus one.
  ///
  /// - Parameters:
  ///   - starts: what is appended to.
  ///   - wanted: at most so many cells are kept; all are counted.
  /// - Returns: nil at the end of the text.
  mutating func next(into starts: inout [UInt32], wanted: Int) -> Record? {
    guard index < text.count, let base = text.baseAddress else { return nil }
    let count = text.count
    let lineBreak = UInt8(ascii: "\n")
    let quote = UInt8(ascii: "\"")
    let delimiter = delimiter
    let start = index
    var position = start
    var cellCount = 0
    var cellStart = start
    var firstExtra: Int?
    var problem: Problem?
    while true {
      if cellCount < wanted {
        starts.append(UInt32(truncatingIfNeeded: cellStart &- start))
      } else if firstExtra == nil {
        firstExtra = cellStart
      }
      cellCount &+= 1
      if position < count, base[position] == quote {
        guard let close = closingQuote(after: position) else {
          index = count
          return Record(
            start: start, end: count, cellCount: cellCount, firstExtra: firstExtra,
            problem: .unclosedQuote(at: position))
        }
        position = close + 1
        let isAtEnd =
          position == count || base[position] == delimiter || base[position] == lineBreak
          || (base[position] == UInt8(ascii: "\r")
            && (position + 1 == count || base[position + 1] == lineBreak))
        if !isAtEnd, problem == nil { problem = .textAfterQuote(at: position) }
      }
      while position < count, base[position] != delimiter, base[position] != lineBreak {
        position &+= 1
      }
      guard position < count, base[position] == delimiter else { break }
      position &+= 1
      cellStart = position
    }
    var end = position
    // The carriage return of a Windows line break belongs to the break.
    if end > cellStart, base[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    starts.append(UInt32(truncatingIfNeeded: end &- start &+ 1))
    index = position < count ? position + 1 : count
    return Record(
      start: start, end: end, cellCount: cellCount, firstExtra: firstExtra, problem: problem)
  }

  /// Finds the quote that ends a cell; two in a row are one that is meant.
  func closingQuote(after open: Int) -> Int? {
    let quote = UInt8(ascii: "\"")
    var from = open + 1
    while let close = firstOffset(of: quote, in: text, from: from) {
      guard close + 1 < text.count, text[close + 1] == quote else { return close }
      from = close + 2
    }
    return nil
  }
}
