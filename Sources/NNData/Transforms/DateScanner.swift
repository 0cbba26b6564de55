/// Reads a date from the beginning of some bytes on.
struct DateScanner {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  /// A number of so many digits.
  private mutating func number(_ digits: ClosedRange<Int>) -> Int? {
    var (value, count) = (0, 0)
    while count < digits.upperBound, let byte = next, (48...57).contains(byte) {
      value = value * 10 + Int(byte - 48)
      count += 1
      place += 1
    }
    return count >= digits.lowerBound ? value : nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    place += 1
    return true
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool { take(UInt8(ascii: character)) }

  mutating func read(_ elements: [DateFormat.Element]) -> CalendarDate? {
    var date = CalendarDate()
    for element in elements {
      switch element {
      case .byte(let byte): guard take(byte) else { return nil }
      case .monthName:
        guard let month = monthName() else { return nil }
        date.month = month
      case .year:
        guard let year = number(4...4) else { return nil }
        date.year = year
      case .month, .day, .hour, .minute, .second:
        guard let value = number(1...2) else { return nil }
        date.set(element, value)
      }
    }
    return date
  }

  private mutating func monthName() -> Int? {
    let names = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    guard place + 3 <= bytes.count else { return nil }
    let word = bytes[place..<place + 3].map { $0 | 0x20 }
    guard let index = names.firstIndex(where: { Array($0.utf8) == word }) else { return nil }
    place += 3
    return index + 1
  }

  mutating func iso() -> CalendarDate? {
    var date = CalendarDate()
    guard let year = number(4...4), take("-"), let month = number(2...2), take("-"),
      let day = number(2...2)
    else { return nil }
    (date.year, date.month, date.day) = (year, month, day)
    if isAtEnd { return date }
    guard take("T") || take(" "), let hour = number(2...2), take(":"), let minute = number(2...2)
    else { return nil }
    (date.hour, date.minute) = (hour, minute)
    if take(":") {
      guard let second = number(2...2) else { return nil }
      date.second = second
      if take(".") { guard fraction(&date) else { return nil } }
    }
    return offset(&date) ? date : nil
  }

  private mutating func fraction(_ date: inout CalendarDate) -> Bool {
    let from = place
    var unit = 0.1
    while let byte = next, (48...57).contains(byte) {
      date.fraction += Double(byte - 48) * unit
      unit /= 10
      place += 1
    }
    return place > from
  }

  /// Z, or a sign with hours and minutes.
  private mutating func offset(_ date: inout CalendarDate) -> Bool {
    if isAtEnd || take("Z") { return true }
    let isWest = next == UInt8(ascii: "-")
    guard take("+") || take("-"), let hours = number(2...2) else { return false }
    _ = take(":")
    guard let minutes = number(2...2), hours < 24, minutes < 60 else { return false }
    date.offset = (hours * 60 + minutes) * (isWest ? -1 : 1)
    return true
  }
}
