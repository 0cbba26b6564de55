/// Hides the expressions of a text, `${width * 4}`, from libyaml, which would take their braces for
/// those of a mapping wherever a list or mapping is written in brackets.
///
/// Each expression is replaced by a `$` and as many of one letter as it has bytes behind it, so
/// that all places stay what they are; the letter is one that no other `$` of the text precedes.
struct ExpressionMask {
  /// The text as libyaml is to see it.
  private(set) var bytes: [UInt8]
  private let original: [UInt8]
  /// Where the expressions stand, in order.
  private var places: [Range<Int>] = []
  private var letter: UInt8 = 0

  init(_ text: [UInt8]) {
    bytes = text
    original = text
    let found = Self.expressions(in: text)
    guard !found.isEmpty, let letter = Self.freeLetter(in: text) else { return }
    self.letter = letter
    places = found
    for place in places {
      for index in place.dropFirst() { bytes[index] = letter }
    }
  }

  /// A scalar's text with the expressions that stand in a stretch of the whole text.
  func restored(_ text: String, from start: Int, to end: Int) -> String {
    guard !places.isEmpty else { return text }
    var next = firstPlace(from: start)
    guard next < places.count, places[next].lowerBound < end else { return text }
    var bytes = Array(text.utf8)
    var index = 0
    while index + 1 < bytes.count, next < places.count, places[next].lowerBound < end {
      let length = places[next].count
      if bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == letter,
        index + length <= bytes.count
      {
        bytes.replaceSubrange(index..<index + length, with: original[places[next]])
        index += length
        next += 1
      } else {
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The number of the first expression that begins at or behind an offset.
  private func firstPlace(from offset: Int) -> Int {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].lowerBound < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Each `${…}` that lies on one line and holds neither quotes nor braces nor a comment.
  private static func expressions(in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index + 1 < text.count {
      guard text[index] == UInt8(ascii: "$"), text[index + 1] == UInt8(ascii: "{") else {
        index += 1
        continue
      }
      var end = index + 2
      while end < text.count, isHidden(text[end]) { end += 1 }
      if end < text.count, text[end] == UInt8(ascii: "}") {
        found.append(index..<end + 1)
        index = end + 1
      } else {
        index += 2
      }
    }
    return found
  }

  private static func isHidden(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: "'"),
      UInt8(ascii: "#"):
      false
    default: (0x20..<0x7F).contains(byte)
    }
  }

  /// A letter or digit that stands behind no `$`.
  private static func freeLetter(in text: [UInt8]) -> UInt8? {
    var isTaken = [Bool](repeating: false, count: 256)
    for (index, byte) in text.enumerated().dropLast() where byte == UInt8(ascii: "$") {
      isTaken[Int(text[index + 1])] = true
    }
    let letters = Array("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
    return letters.first { !isTaken[Int($0)] }
  }
}
