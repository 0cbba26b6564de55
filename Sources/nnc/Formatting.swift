/// Columns of text under headings, numbers flush right.
struct TextTable {
  private let headings: [String]
  private let isNumber: [Bool]
  private var rows: [[String]] = []

  /// - Parameter columns: headings; those of numbers are marked.
  init(_ columns: [(heading: String, isNumber: Bool)]) {
    headings = columns.map(\.heading)
    isNumber = columns.map(\.isNumber)
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// A line across the table.
  mutating func addRule() { rows.append([]) }

  var text: String {
    let widths = headings.indices.map { column in
      ([headings] + rows).filter { !$0.isEmpty }.map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return isNumber[column] ? space + cell : cell + space
      }
      var text = padded.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1))
    return ([line(headings), rule] + rows.map { $0.isEmpty ? rule : line($0) })
      .joined(separator: "\n")
  }
}

/// `1234567` as `1,234,567`.
func grouped(_ number: Int) -> String {
  var digits = Array(String(abs(number)))
  var place = digits.count - 3
  while place > 0 {
    digits.insert(",", at: place)
    place -= 3
  }
  return (number < 0 ? "-" : "") + String(digits)
}

/// A size such as `12.3 MB`, in powers of a thousand.
func scaled(_ number: Double, _ unit: String) -> String {
  let prefixes = ["", "k", "M", "G", "T"]
  var value = number
  var index = 0
  while value >= 999.5, index < prefixes.count - 1 {
    value /= 1000
    index += 1
  }
  let space = unit.isEmpty ? "" : " "
  let digits = index == 0 && value == value.rounded() ? 0 : (value < 10 ? 2 : (value < 100 ? 1 : 0))
  return fixed(value, digits) + space + prefixes[index] + unit
}

/// A number with so many digits behind the point.
func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : (value < 0 ? "-inf" : "inf") }
  guard abs(value) < 1e15 else { return String(value) }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let whole = (abs(value) * scale).rounded()
  let text = String(Int(whole))
  let padded = String(repeating: "0", count: max(digits + 1 - text.count, 0)) + text
  let sign = value < 0 && whole > 0 ? "-" : ""
  guard digits > 0 else { return sign + padded }
  return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
}

/// A figure for people: four digits that count.
func figure(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : fixed(value, 0) }
  let size = abs(value)
  if size >= 100_000 || size < 0.0001 {
    // Scientific, as in 1.234e-05.
    var mantissa = size
    var exponent = 0
    while mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 1 {
      mantissa *= 10
      exponent -= 1
    }
    return (value < 0 ? "-" : "") + fixed(mantissa, 3) + "e\(exponent)"
  }
  return fixed(value, size >= 1000 ? 1 : (size >= 100 ? 2 : (size >= 10 ? 3 : 4)))
}

/// As ``duration(_:)``, with microseconds for what is very short.
func shortDuration(_ seconds: Double) -> String {
  guard seconds < 0.00995 else { return duration(seconds) }
  return seconds < 0.000995
    ? "\(figureOfTwo(seconds * 1e6)) µs" : "\(figureOfTwo(seconds * 1e3)) ms"
}

/// Two digits that count, of a number below a thousand.
private func figureOfTwo(_ value: Double) -> String {
  if value >= 100 { return fixed((value / 10).rounded() * 10, 0) }
  return fixed(value, value >= 9.95 ? 0 : 1)
}

/// `1 h 02 min`, `3 min 05 s`, `12 s`, `34 ms`.
func duration(_ seconds: Double) -> String {
  guard seconds.isFinite else { return "?" }
  let whole = Int(seconds.rounded())
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  if whole >= 3600 { return "\(whole / 3600) h \(two(whole % 3600 / 60)) min" }
  if whole >= 60 { return "\(whole / 60) min \(two(whole % 60)) s" }
  if seconds < 0.95 { return "\(Int((seconds * 1000).rounded())) ms" }
  return seconds < 10 ? "\(fixed(seconds, 1)) s" : "\(whole) s"
}
