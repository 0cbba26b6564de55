import NNModel
import NNTensor

/// Which rows of a window an input sees.
package enum WindowSide: String, WordChoice {
  /// The rows that are known.
  case past
  /// The rows behind them, of which something is known beforehand.
  case horizon
  case both
}

/// What numbers are told from.
package enum RelativeTo: String, WordChoice {
  /// The window's last known row.
  case last
}

/// The rows of each window that a feature is made of.
package struct WindowUse: Sendable, Equatable {
  /// The first of them, counted from the window's first row.
  package let start: Int
  package let count: Int
  /// How many rows of a window are known.
  package let length: Int
  /// Whether numbers are differences to those of the last known row.
  package var isRelative = false

  package init(start: Int, count: Int, length: Int, isRelative: Bool = false) {
    self.start = start
    self.count = count
    self.length = length
    self.isRelative = isRelative
  }

  /// Of an input.
  init(_ side: WindowSide, of windows: SeriesWindows) {
    switch side {
    case .past: self.init(start: 0, count: windows.length, length: windows.length)
    case .horizon:
      self.init(start: windows.length, count: windows.horizon, length: windows.length)
    case .both: self.init(start: 0, count: windows.span, length: windows.length)
    }
  }

  /// Of a target: the rows behind the window, or its own moved on by some.
  init(shift: Int?, of windows: SeriesWindows) {
    if let shift {
      self.init(start: shift, count: windows.length, length: windows.length)
    } else {
      self.init(start: windows.length, count: windows.horizon, length: windows.length)
    }
  }

  var end: Int { start + count }

  /// How many of its rows are known when a prediction is made.
  package var knownCount: Int { max(0, min(count, length - start)) }

  /// The row whose numbers the others are told from.
  var reference: Int { length - 1 }

  /// All rows it takes, what its numbers are told from included.
  var rows: [Range<Int>] {
    isRelative && !(start..<end).contains(reference)
      ? [start..<end, reference..<reference + 1] : [start..<end]
  }

  /// The shape of a sample, from that of one row.
  ///
  /// - Returns: [rows] where a row gives one value, else [rows, …]; a single class of a target is
  ///   what it is without windows.
  func shape(ofRow row: Shape, isClassOfTarget: Bool = false) -> Shape {
    if isClassOfTarget, count == 1, row == .scalar { return .scalar }
    return row == [1] ? [count] : Shape([count] + row.sizes)
  }
}
