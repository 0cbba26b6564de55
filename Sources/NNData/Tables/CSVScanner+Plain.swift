/// Which of the 64 bytes from a place on are delimiters or line breaks that were not passed yet.
struct MarkedBlock {
  /// Below zero where nothing is known.
  var start = -1
  /// The byte at `start` is the least significant bit.
  var bits: UInt64 = 0
}

extension CSVScanner {
  /// Reads a record of as many cells as wanted in which nothing is wrong, as most are.
  ///
  /// - Parameters:
  ///   - width: its cells, at least one.
  ///   - starts: takes where its cells begin, from the record's start, and its end plus one.
  /// - Returns: false, and nothing is read, where ``next(into:wanted:)`` has to look at it.
  mutating func takePlain(_ width: Int, into starts: UnsafeMutablePointer<UInt32>) -> Bool {
    guard index < text.count, let base = text.baseAddress else { return false }
    let start = index
    var marks = marks
    seek(start, &marks)
    var position = start
    var cell = 0
    var end: Int
    while true {
      starts[cell] = UInt32(truncatingIfNeeded: position &- start)
      cell &+= 1
      if position < text.count, base[position] == UInt8(ascii: "\"") {
        guard let close = closingQuote(after: position), endsCell(close + 1) else { return false }
        seek(close + 1, &marks)
      }
      end = nextMark(&marks)
      guard end < text.count, base[end] == delimiter else { break }
      guard cell < width else { return false }
      position = end &+ 1
    }
    guard cell == width, end &- start < Int(UInt32.max) else { return false }
    index = min(end &+ 1, text.count)
    self.marks = marks
    // The carriage return of a Windows line break belongs to the break.
    if end > position, base[end &- 1] == UInt8(ascii: "\r") { end &-= 1 }
    starts[width] = UInt32(truncatingIfNeeded: end &- start &+ 1)
    return true
  }

  /// Whether what follows a quote ends its cell.
  private func endsCell(_ position: Int) -> Bool {
    guard position < text.count else { return true }
    let lineBreak = UInt8(ascii: "\n")
    let byte = text[position]
    return byte == delimiter || byte == lineBreak
      || byte == UInt8(ascii: "\r")
        && (position + 1 == text.count || text[position + 1] == lineBreak)
  }

  /// Passes everything before a place.
  @inline(__always)
  private func seek(_ position: Int, _ marks: inout MarkedBlock) {
    let offset = position &- marks.start
    if marks.start >= 0, offset >= 0, offset < 64 {
      marks.bits &= UInt64.max &<< UInt64(offset)
    } else {
      marks.start = position
      marks.bits = markedBits(from: position)
    }
  }

  /// The next delimiter or line break, or the end of the text.
  @inline(__always)
  private func nextMark(_ marks: inout MarkedBlock) -> Int {
    while marks.bits == 0 {
      marks.start &+= 64
      guard marks.start < text.count else {
        marks.start = -1
        return text.count
      }
      marks.bits = markedBits(from: marks.start)
    }
    let place = marks.start &+ marks.bits.trailingZeroBitCount
    marks.bits &= marks.bits &- 1
    return place
  }

  /// Eight bytes are compared at a time, and their results gathered in a byte by a product.
  @inline(__always)
  private func markedBits(from start: Int) -> UInt64 {
    guard let base = text.baseAddress, start < text.count else { return 0 }
    var bits: UInt64 = 0
    guard start &+ 64 <= text.count else {
      for index in start..<text.count
      where base[index] == delimiter || base[index] == UInt8(ascii: "\n") {
        bits |= 1 << UInt64(index &- start)
      }
      return bits
    }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let delimiters = ones &* UInt64(delimiter)
    let lineBreaks = ones &* UInt64(UInt8(ascii: "\n"))
    let bytes = UnsafeRawPointer(base + start)
    for place in 0..<8 {
      let word = UInt64(littleEndian: (bytes + 8 &* place).loadUnaligned(as: UInt64.self))
      let found = zeroBytes(word ^ delimiters) | zeroBytes(word ^ lineBreaks)
      let gathered = (found >> 7 &* 0x0102_0408_1020_4080) >> 56
      bits |= gathered &<< UInt64(8 &* place)
    }
    return bits
  }
}
