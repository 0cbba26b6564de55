/// A text as windows of characters: the rows of a table whose columns are the characters of a window
/// and those that follow each of them.
///
/// Characters are Unicode scalars, as they stand in the file: no normalisation, no joining of
/// combining marks, line breaks as they are.
struct WindowedText: Sendable {
  /// The names of the columns: the characters, and of each the one behind it.
  static let columnNames = ["characters", next]
  /// The column that reaches one character beyond its window.
  static let next = "next"

  /// Of each character of the text its place in the alphabet.
  let codes: [Int32]
  /// The different characters, ascending.
  let alphabet: [Unicode.Scalar]
  let format: WindowFormat
  /// Where the first window begins.
  let first: Int
  let count: Int

  /// Windows that each have a character behind them, from the beginning on.
  init(_ text: String, format: WindowFormat) {
    var known: [Unicode.Scalar: Int32] = [:]
    var found: [Unicode.Scalar] = []
    var codes: [Int32] = []
    codes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if let code = known[scalar] {
        codes.append(code)
      } else {
        let code = Int32(found.count)
        known[scalar] = code
        found.append(scalar)
        codes.append(code)
      }
    }
    let order = found.indices.sorted { found[$0] < found[$1] }
    var places = [Int32](repeating: 0, count: found.count)
    for (place, code) in order.enumerated() { places[code] = Int32(place) }
    self.init(
      codes: codes.map { places[Int($0)] }, alphabet: order.map { found[$0] }, format: format,
      first: 0, count: WindowedText.windows(in: codes.count - 1, format))
  }

  private init(
    codes: [Int32], alphabet: [Unicode.Scalar], format: WindowFormat, first: Int, count: Int
  ) {
    self.codes = codes
    self.alphabet = alphabet
    self.format = format
    self.first = first
    self.count = count
  }

  /// The same text with windows that need no character behind them, the last one ending with it.
  var endingWithText: WindowedText {
    let rest = codes.count - format.length
    return WindowedText(
      codes: codes, alphabet: alphabet, format: format,
      first: rest < 0 ? 0 : rest % format.stride,
      count: WindowedText.windows(in: codes.count, format))
  }

  private static func windows(in characters: Int, _ format: WindowFormat) -> Int {
    characters < format.length ? 0 : (characters - format.length) / format.stride + 1
  }

  /// Where a window begins; windows count from zero.
  func start(_ window: Int) -> Int { first + window * format.stride }

  /// The characters that some windows hold or have behind them, ascending.
  func characters(of windows: [Int]) -> [String] {
    var isUsed = [Bool](repeating: false, count: alphabet.count)
    var seen = 0
    for window in windows {
      let start = start(window)
      // Windows ascend, and what the last one had is seen already.
      for place in max(start, seen)..<max(start + format.length + 1, seen) where place < codes.count
      {
        isUsed[Int(codes[place])] = true
      }
      seen = start + format.length + 1
    }
    return alphabet.indices.filter { isUsed[$0] }.map { String(Character(alphabet[$0])) }
  }

  /// Takes from the beginning of each later part the windows that share characters with the part
  /// before it.
  ///
  /// - parts: ascending windows each, one part behind the other
  func apart(_ parts: [[Int]]) -> [[Int]] {
    var end = 0
    return parts.map { part in
      let kept = Array(part.drop { start($0) < end })
      if let last = kept.last { end = start(last) + format.length }
      return kept
    }
  }
}
