extension ImageSheet {
  /// The sheet as one picture, inputs below each other.
  package var canvas: Canvas {
    let layouts = sections.map(SectionLayout.init)
    let height = layouts.reduce(SectionLayout.margin) { $0 + $1.height }
    var canvas = Canvas(
      width: layouts.map(\.width).max() ?? 1, height: height, Canvas.Colour(255, 255, 255))
    var top = SectionLayout.margin
    for layout in layouts {
      layout.draw(at: top, onto: &canvas)
      top += layout.height
    }
    return canvas
  }

  /// How many pictures there are.
  package var pictureCount: Int {
    sections.flatMap(\.rows).reduce(0) { $0 + $1.pictures.count }
  }
}

/// Where everything of an input goes.
private struct SectionLayout {
  let section: ImageSheet.Section
  /// Pixels of the sheet for a pixel of an image, and the other way round; one of them is 1.
  private let zoom: Int
  private let shrink: Int
  private let captionWidth: Int

  static let margin = 12
  private static let gap = 6
  /// Smaller pictures than this are made larger by whole times, larger ones than twice that smaller.
  private static let side = 72
  private static let scale = 2
  private static let line = (PixelFont.height + 1) * scale
  private static let black = Canvas.Colour(20, 20, 20)
  private static let grey = Canvas.Colour(120, 120, 120)

  init(_ section: ImageSheet.Section) {
    self.section = section
    let side = max(section.size.width, section.size.height)
    zoom = max(SectionLayout.side / side, 1)
    shrink = max(side / (2 * SectionLayout.side), 1)
    let captions = section.rows.flatMap(\.caption).map { Canvas.width(of: shortened($0)) }
    captionWidth = SectionLayout.scale * (captions.max() ?? 0)
  }

  private var pictureWidth: Int { (section.size.width + shrink - 1) / shrink * zoom }
  private var pictureHeight: Int { (section.size.height + shrink - 1) / shrink * zoom }
  private var rowHeight: Int {
    max(pictureHeight, 2 * SectionLayout.line) + SectionLayout.gap
  }
  private var columns: Int { section.rows.map(\.pictures.count).max() ?? 0 }

  /// From one picture to the next; headings may be wider than pictures.
  private var columnWidth: Int {
    let headings = section.headings.map { Canvas.width(of: $0) }.max() ?? 0
    return max(pictureWidth, headings) + SectionLayout.gap
  }

  var width: Int {
    let pictures = captionWidth + SectionLayout.margin + columns * columnWidth
    let title = Canvas.width(of: section.title, scale: SectionLayout.scale)
    return 2 * SectionLayout.margin + max(pictures, title)
  }

  var height: Int {
    SectionLayout.line + (section.headings.isEmpty ? 0 : SectionLayout.line)
      + section.rows.count * rowHeight + (section.rest == nil ? 0 : SectionLayout.line)
      + SectionLayout.margin
  }

  func draw(at top: Int, onto canvas: inout Canvas) {
    var y = top
    let left = SectionLayout.margin
    canvas.write(
      section.title, x: left, y: y, SectionLayout.black, scale: SectionLayout.scale)
    y += SectionLayout.line
    let first = left + captionWidth + SectionLayout.margin
    if !section.headings.isEmpty {
      for (column, heading) in section.headings.enumerated() {
        canvas.write(
          heading, x: first + column * columnWidth, y: y + SectionLayout.line / 3,
          SectionLayout.grey)
      }
      y += SectionLayout.line
    }
    for row in section.rows {
      for (line, text) in row.caption.enumerated() {
        canvas.write(
          shortened(text), x: left, y: y + line * SectionLayout.line,
          line == 0 && row.caption.count > 1 ? SectionLayout.black : SectionLayout.grey,
          scale: SectionLayout.scale)
      }
      for (column, picture) in row.pictures.enumerated() {
        draw(picture, x: first + column * columnWidth, y: y, onto: &canvas)
      }
      y += rowHeight
    }
    if let rest = section.rest {
      canvas.write(rest, x: left, y: y, SectionLayout.grey, scale: SectionLayout.scale)
    }
  }

  private func draw(_ picture: [Float], x: Int, y: Int, onto canvas: inout Canvas) {
    for row in 0..<pictureHeight {
      for column in 0..<pictureWidth {
        let own = (0..<section.size.channels).map { channel in
          mean(picture, channel, row: row / zoom * shrink, column: column / zoom * shrink)
        }
        // Of grey and alpha, or of colours and alpha, the alpha is left out.
        let colour =
          own.count < 3
          ? Canvas.Colour(own[0], own[0], own[0]) : Canvas.Colour(own[0], own[1], own[2])
        canvas.set(x: x + column, y: y + row, colour)
      }
    }
  }

  /// The mean of a block of pixels as a byte; what is outside of 0 to 1 is black or white.
  private func mean(_ picture: [Float], _ channel: Int, row: Int, column: Int) -> UInt8 {
    let size = section.size
    var (sum, count) = (Float(0), Float(0))
    for y in row..<min(row + shrink, size.height) {
      for x in column..<min(column + shrink, size.width) {
        sum += picture[channel * size.area + y * size.width + x]
        count += 1
      }
    }
    let mean = sum / max(count, 1)
    return mean.isFinite ? UInt8((min(max(mean, 0), 1) * 255).rounded()) : 0
  }
}

/// What a caption has room for.
private func shortened(_ text: String) -> String {
  text.count > 18 ? "\(text.prefix(17))…" : text
}
