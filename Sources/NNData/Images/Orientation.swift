// How a camera was held: one tag among those of EXIF, which a JPEG has in its APP1 segment and a PNG in
// its eXIf chunk. Everything is held against the bytes there are; what cannot be understood is as good
// as not there, since the picture is whole without it.

/// How an image is to be turned to stand upright, by the numbers of EXIF.
package enum Orientation: Int, Sendable, CaseIterable {
  case upright = 1
  case mirrored = 2
  /// Upside down.
  case turned = 3
  case turnedAndMirrored = 4
  /// Mirrored on the diagonal from the upper left.
  case transposed = 5
  /// To be turned to the right by a quarter.
  case turnedLeft = 6
  case transposedAcross = 7
  /// To be turned to the left by a quarter.
  case turnedRight = 8

  /// Whether height and width change places.
  package var isTransposed: Bool { rawValue >= 5 }

  /// The orientation that a file tells, upright where it tells none.
  init(_ bytes: UnsafeRawBufferPointer, _ format: ImageFormat) {
    let tags =
      switch format {
      case .jpeg: exifSegment(bytes)
      case .png: exifChunk(bytes)
      }
    self = tags.flatMap { tag(274, in: $0) }.flatMap { Orientation(rawValue: $0) } ?? .upright
  }
}

/// Where a pixel of the upright image lies in the file's: `start + y · down + x · right`.
struct PixelSteps {
  let start: Int
  let down: Int
  let right: Int

  /// - Parameters:
  ///   - orientation: of the file's image.
  ///   - height: as the file has it.
  ///   - width: as well.
  init(_ orientation: Orientation, height: Int, width: Int) {
    let last = height * width - 1
    (start, down, right) =
      switch orientation {
      case .upright: (0, width, 1)
      case .mirrored: (width - 1, width, -1)
      case .turned: (last, -width, -1)
      case .turnedAndMirrored: (last + 1 - width, -width, 1)
      case .transposed: (0, 1, width)
      case .turnedLeft: (last + 1 - width, 1, -width)
      case .transposedAcross: (last, -1, -width)
      case .turnedRight: (width - 1, -1, width)
      }
  }
}

/// The tags of a JPEG, behind the name of the segment.
private func exifSegment(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
  var place = 2
  // Segments of two bytes of length each; the pixels begin behind start of scan.
  while place + 4 <= bytes.count, bytes[place] == 0xFF {
    let marker = bytes[place + 1]
    if marker == 0xFF {
      place += 1
      continue
    }
    let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
    guard marker != 0xDA, length >= 2, place + 2 + length <= bytes.count else { return nil }
    let content = UnsafeRawBufferPointer(rebasing: bytes[place + 4..<place + 2 + length])
    if marker == 0xE1, content.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
      return UnsafeRawBufferPointer(rebasing: content.dropFirst(6))
    }
    place += 2 + length
  }
  return nil
}

/// The tags of a PNG.
private func exifChunk(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
  var place = 8
  while place + 12 <= bytes.count {
    let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - place - 12 else { return nil }
    let content = place + 8..<place + 8 + length
    if bytes[place + 4..<place + 8].elementsEqual("eXIf".utf8) {
      return UnsafeRawBufferPointer(rebasing: bytes[content])
    }
    place = content.upperBound + 4
  }
  return nil
}

/// The whole number of a tag of the first directory, nil where there is none.
private func tag(_ wanted: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
  guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4D else {
    return nil
  }
  let isLittle = bytes[0] == 0x49
  func number(_ place: Int, _ count: Int) -> Int? {
    guard place >= 0, place <= bytes.count - count else { return nil }
    let digits = bytes[place..<place + count]
    return isLittle
      ? digits.reversed().reduce(0) { $0 << 8 | Int($1) } : digits.reduce(0) { $0 << 8 | Int($1) }
  }
  guard number(2, 2) == 42, let directory = number(4, 4), let count = number(directory, 2) else {
    return nil
  }
  for index in 0..<count {
    let entry = directory + 2 + 12 * index
    guard let tag = number(entry, 2), let type = number(entry + 2, 2),
      let values = number(entry + 4, 4)
    else { return nil }
    if tag == wanted, values == 1 {
      // Short numbers and long ones stand in the entry itself.
      return type == 3 ? number(entry + 8, 2) : type == 4 ? number(entry + 8, 4) : nil
    }
  }
  return nil
}
