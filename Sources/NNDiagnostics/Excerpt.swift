/// The part of a source line that a diagnostic shows, and what is underlined in it.
struct Excerpt: Equatable {
  /// The line as printed: tabs expanded, controls spelt out, ends cut off with `…`.
  let text: String
  /// How many columns precede the underlined ones.
  let indent: Int
  /// How many columns are underlined; at least one, so that an empty range is seen too.
  let width: Int

  /// No more columns of a line are shown than this, beside the two ellipses.
  static let widest = 100

  /// - Parameters:
  ///   - range: What to underline; of a range over several lines, the part on the first one.
  ///   - source: The text the range belongs to. Nil is returned if it has no such line.
  init?(_ range: SourceRange, in source: SourceText) {
    guard let line = source.line(range.start.line) else { return nil }
    let utf8 = source.text.utf8
    let lineStart = utf8.distance(from: utf8.startIndex, to: line.startIndex)
    let lineEnd = utf8.distance(from: utf8.startIndex, to: line.endIndex)
    let startOffset = min(max(range.start.offset, lineStart), lineEnd)
    let endOffset =
      range.end.line > range.start.line
      ? lineEnd : min(max(range.end.offset, startOffset), lineEnd)
    let start = utf8.index(utf8.startIndex, offsetBy: startOffset)
    let end = utf8.index(utf8.startIndex, offsetBy: endOffset)

    // Only the neighbourhood of the range is looked at, so that a line of megabytes costs no more
    // than a short one.
    let first =
      line.index(start, offsetBy: -Self.widest, limitedBy: line.startIndex) ?? line.startIndex
    var column = 0
    func cells(_ part: Substring) -> [DisplayCell] {
      part.prefix(Self.widest + 1).map { character in
        let cell = DisplayCell(character, atColumn: column)
        column += cell.width
        return cell
      }
    }
    var before = cells(line[first..<start])
    var marked = cells(line[start..<end])
    var after = cells(line[end...])
    var cutLeft = first > line.startIndex
    var cutRight = false

    if cutLeft || column > Self.widest {
      cutRight = Self.trim(&marked, to: Self.widest * 6 / 10, from: .end)
      if cutRight { after = [] }
      let free = Self.widest - Self.width(marked)
      // The text before tells more than the text behind, but each gets what the other leaves.
      let left = max(free / 2, free - Self.width(after))
      if Self.trim(&before, to: left, from: .start) { cutLeft = true }
      if Self.trim(&after, to: free - Self.width(before), from: .end) { cutRight = true }
    }

    text =
      (cutLeft ? "…" : "") + (before + marked + after).map(\.text).joined() + (cutRight ? "…" : "")
    indent = (cutLeft ? 1 : 0) + Self.width(before)
    width = max(1, Self.width(marked))
  }

  private enum Side { case start, end }

  /// Removes cells at a side until the rest fits, and says whether any were removed.
  private static func trim(_ cells: inout [DisplayCell], to limit: Int, from side: Side) -> Bool {
    var total = width(cells)
    var removed = 0
    while total > limit, removed < cells.count {
      total -= cells[side == .start ? removed : cells.count - 1 - removed].width
      removed += 1
    }
    if side == .start { cells.removeFirst(removed) } else { cells.removeLast(removed) }
    return removed > 0
  }

  private static func width(_ cells: [DisplayCell]) -> Int {
    cells.reduce(0) { $0 + $1.width }
  }
}
