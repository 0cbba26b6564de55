/// How a file is read as a table, so that others like it can be read the same way.
package enum TableFormat: Sendable, Equatable {
  /// One record a line, cells between delimiters.
  case cells(CSVFormat)
  /// A text cut into windows of characters.
  case windows(WindowFormat)
}

/// How a text is cut into windows.
package struct WindowFormat: Sendable, Equatable {
  /// Characters of a window.
  package let length: Int
  /// Characters from the beginning of a window to that of the next.
  package let stride: Int

  package init(length: Int, stride: Int) {
    self.length = length
    self.stride = stride
  }
}
