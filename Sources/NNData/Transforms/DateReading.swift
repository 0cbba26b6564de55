#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What becomes of a column of dates.
package struct DateReading: Sendable, Equatable {
  package let format: DateFormat
  package let parts: [DatePart]
  /// Whether what comes again is a point on a circle, its sine and its cosine.
  package let isCyclic: Bool

  static let usualParts: [DatePart] = [.year, .month, .day, .weekday]

  /// How many numbers a date gives.
  var width: Int {
    parts.reduce(0) { $0 + (isCyclic && $1.cycle != nil ? 2 : 1) }
  }

  /// The numbers of a date, `width` of them.
  func numbers(_ date: CalendarDate) -> [Double] {
    parts.flatMap { part in
      let number = part.number(date)
      guard isCyclic, let cycle = part.cycle else { return [number] }
      let angle = 2 * Double.pi * (number - cycle.first) / cycle.length
      return [sin(angle), cos(angle)]
    }
  }
}
