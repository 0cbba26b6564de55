/// Why a cell is no list of tokens.
enum TokenProblem: Error, Equatable {
  /// What stands where a whole number is expected.
  case noNumber(String)
  case outside(String)
}

/// The whole numbers of a cell, with blanks, commas or both between them, maybe in brackets: `17 4 250`,
/// `[17, 4, 250]`.
///
/// - vocabulary: numbers are below it.
func tokens(_ cell: String, vocabulary: Int) throws(TokenProblem) -> [Int32] {
  var bytes = trimmed(Array(cell.utf8))[...]
  if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"), bytes.count >= 2 {
    bytes = bytes.dropFirst().dropLast()
  }
  var result: [Int32] = []
  var mayHaveComma = false
  var needsNumber = false
  var place = bytes.startIndex
  while place < bytes.endIndex {
    let byte = bytes[place]
    if isBlank(byte) || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
      place += 1
      continue
    }
    if byte == UInt8(ascii: ","), mayHaveComma {
      (mayHaveComma, needsNumber) = (false, true)
      place += 1
      continue
    }
    let end = bytes[place...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.endIndex
    let isDivided =
      end == bytes.endIndex || isBlank(bytes[end]) || [0x0A, 0x0D, 0x2C].contains(bytes[end])
    guard end > place, isDivided else { throw .noNumber(piece(bytes[place...])) }
    let digits = bytes[place..<end].drop { $0 == 0x30 }
    let number = digits.count > 10 ? Int.max : digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard number < vocabulary, let token = Int32(exactly: number) else {
      throw .outside(piece(bytes[place...]))
    }
    result.append(token)
    (mayHaveComma, needsNumber) = (true, false)
    place = end
  }
  guard !needsNumber else { throw .noNumber(",") }
  return result
}

/// What stands up to the next blank or comma.
private func piece(_ bytes: ArraySlice<UInt8>) -> String {
  let end = bytes.dropFirst().firstIndex { isBlank($0) || $0 == UInt8(ascii: ",") }
  return shortened(Array(bytes[..<(end ?? bytes.endIndex)]))
}
