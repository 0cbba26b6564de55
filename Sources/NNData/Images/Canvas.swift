import CImages

/// A picture that is drawn: red, green and blue bytes, [height, width, 3].
package struct Canvas: Sendable, Equatable {
  package let width: Int
  package let height: Int
  package private(set) var samples: [UInt8]

  package struct Colour: Sendable, Equatable {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
      (self.red, self.green, self.blue) = (red, green, blue)
    }
  }

  package init(width: Int, height: Int, _ colour: Colour) {
    self.width = width
    self.height = height
    samples = []
    samples.reserveCapacity(3 * width * height)
    for _ in 0..<width * height { samples += [colour.red, colour.green, colour.blue] }
  }

  /// Colours a pixel; one outside is left alone.
  package mutating func set(x: Int, y: Int, _ colour: Colour) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let place = 3 * (y * width + x)
    samples[place] = colour.red
    samples[place + 1] = colour.green
    samples[place + 2] = colour.blue
  }

  /// The colour of a pixel that is inside.
  package subscript(x: Int, y: Int) -> Colour {
    let place = 3 * (y * width + x)
    return Colour(samples[place], samples[place + 1], samples[place + 2])
  }

  /// Writes a line of text, its upper left corner at a place.
  ///
  /// - scale: how many pixels a dot of the letters is wide.
  package mutating func write(_ text: String, x: Int, y: Int, _ colour: Colour, scale: Int = 1) {
    for (place, character) in text.unicodeScalars.enumerated() {
      let left = x + place * Canvas.advance * scale
      for (row, bits) in PixelFont.rows(of: character).enumerated() {
        for column in 0..<PixelFont.width where bits >> (PixelFont.width - 1 - column) & 1 == 1 {
          for dot in 0..<scale * scale {
            set(
              x: left + column * scale + dot % scale, y: y + row * scale + dot / scale, colour)
          }
        }
      }
    }
  }

  /// From one letter to the next.
  static let advance = PixelFont.width + 1

  /// How wide a line of text is.
  package static func width(of text: String, scale: Int = 1) -> Int {
    text.unicodeScalars.count * advance * scale
  }

  /// The picture as a PNG file.
  package func png() throws(CanvasProblem) -> [UInt8] {
    var bytes: UnsafeMutablePointer<UInt8>?
    var count = 0
    var status = CIMAGES_OK
    let message = withUnsafeTemporaryAllocation(
      of: CChar.self, capacity: Int(CIMAGES_MESSAGE)
    ) { message in
      message.initialize(repeating: 0)
      status = cimages_png_encode(
        samples, Int64(width), Int64(height), 3, &bytes, &count, message.baseAddress)
      return status == CIMAGES_OK ? "" : message.baseAddress.map { String(cString: $0) } ?? ""
    }
    guard status == CIMAGES_OK, let bytes else { throw CanvasProblem(message: message) }
    defer { cimages_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}

/// Why a picture could not be written.
package struct CanvasProblem: Error {
  package let message: String
}
