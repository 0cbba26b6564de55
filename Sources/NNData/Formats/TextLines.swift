/// How many values that a text does not write out it may stand for: a small file could ask for a table
/// of all its columns in all its rows.
func mostUnwritten(inBytes count: Int) -> Int { (1 << 20) + 64 * count }

/// The lines of a text in memory, without their breaks.
struct TextLines: Sequence, IteratorProtocol {
  private let text: UnsafeBufferPointer<UInt8>
  private var place: Int

  /// From the beginning, behind a byte order mark.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    place = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func next() -> Range<Int>? {
    guard place < text.count else { return nil }
    let start = place
    let end = firstOffset(of: UInt8(ascii: "\n"), in: text, from: place) ?? text.count
    place = end + 1
    return start..<(end > start && text[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
  }
}
