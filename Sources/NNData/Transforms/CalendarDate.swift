/// A date of the Gregorian calendar and a time of its day.
struct CalendarDate: Equatable {
  var year = 1970
  /// From 1.
  var month = 1
  var day = 1
  var hour = 0
  var minute = 0
  var second = 0
  /// Of a second.
  var fraction = 0.0
  /// Minutes that its clock is ahead of universal time.
  var offset = 0

  mutating func set(_ element: DateFormat.Element, _ value: Int) {
    switch element {
    case .month: month = value
    case .day: day = value
    case .hour: hour = value
    case .minute: minute = value
    case .second: second = value
    case .year, .monthName, .byte: break
    }
  }

  private var isLeap: Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  var isValid: Bool {
    guard (1...12).contains(month) else { return false }
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    // A leap second is written as 60.
    return (1...days[month - 1]).contains(day) && hour < 24 && minute < 60 && second <= 60
  }

  /// From 1.
  var dayOfYear: Int {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]
    return before + day + (isLeap && month > 2 ? 1 : 0)
  }

  /// Since 1 January 1970.
  var days: Int {
    let past = year - 1
    return past * 365 + past / 4 - past / 100 + past / 400 + dayOfYear - 1 - 719_162
  }

  /// From 0, a Monday.
  var weekday: Int { ((days + 3) % 7 + 7) % 7 }

  /// Since the beginning of 1970 in universal time.
  var seconds: Double {
    Double(((days * 24 + hour) * 60 + minute - offset) * 60 + second) + fraction
  }
}
