package import NNModel

/// A text, each row a window of its characters.
///
/// What follows a window's last character belongs to the row too, so a text of n characters has
/// (n − 1 − length) / stride + 1 windows, rounded down.
package struct TextSource: Source {
  package static let word = "text"
  package static let summary = """
    A plain text in UTF-8 as windows of characters: its columns 'characters' and 'next', the one \
    behind each of them, are indices for an embedding. Their classes are the characters of the \
    training windows by code point and a last one, <unknown>; parts of a split follow each other and \
    share no characters. For a document a line say lines.
    """
  package static let example = "text: {path: novel.txt, length: 64}"
  package static let extensions = [".txt"]
  package static let mayBeCompressed = true

  @Field("The file, relative to the model file.", principal: true)
  package var path: Located<String>

  @Field("Characters of a window; a character is a Unicode scalar.", range: .atLeast(1))
  package var length = 64

  @Field(
    "Characters from one window's beginning to the next; by default the length.", range: .atLeast(1)
  )
  package var stride: Int? = nil

  package init() {}

  package var files: [Located<String>] { [path] }
  package var windows: WindowFormat? { WindowFormat(length: length, stride: stride ?? length) }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    let format = WindowFormat(length: length, stride: stride ?? length)
    let text = path.read(as: .windows(format), amount, baseDirectory: baseDirectory, &reader)
    guard let table = text else { return nil }
    if amount == .header { return table }
    guard table.rowCount > 0 else {
      reader.error(
        "no-rows",
        "'\(path.value)' has \(length) characters, and a window of \(length) needs one behind it",
        at: path.range, help: "Take a longer text, or smaller windows.")
      return nil
    }
    guard table.rowCount <= (1 << 31) / length else {
      reader.error(
        "out-of-range",
        "\(table.rowCount) windows of \(length) characters are more than fit into memory",
        at: path.range, help: "Make the stride larger, such as the length.")
      return nil
    }
    return table
  }
}
