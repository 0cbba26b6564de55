// From whole samples to floats. Colours and alpha are taken together in whole numbers of the image's
// own depth, so that the same floats come out everywhere.

/// How images become floats.
package struct PixelRule: Sendable, Hashable {
  /// 1: grey, 3: red, green and blue, 4: these and alpha.
  package let channels: Int
  /// What shows where an image is transparent, from 0, black, to 1, white.
  package let background: Double

  package init(channels: Int, background: Double = 0) {
    self.channels = channels
    self.background = background
  }
}

extension DecodedImage {
  /// The size once it stands upright.
  package func size(_ rule: PixelRule) -> ImageSize {
    ImageSize(
      channels: rule.channels, height: orientation.isTransposed ? width : height,
      width: orientation.isTransposed ? height : width)
  }

  /// Fills floats from 0 to 1, [channels, height, width], upright.
  ///
  /// Colours become grey as 0.299 red + 0.587 green + 0.114 blue (Rec. 601), grey becomes three equal
  /// channels. What is transparent is laid over the background, unless alpha is a channel itself.
  package func write(_ rule: PixelRule, into output: UnsafeMutableBufferPointer<Float>) {
    switch samples {
    case .bytes(let samples): convert(samples, most: 255, rule, output)
    case .words(let samples): convert(samples, most: 65_535, rule, output)
    }
  }

  /// Resizes it upright, if that can be done to its bytes as they are.
  ///
  /// - output: [channels, height, width] of what the resize makes.
  /// - Returns: whether it is done.
  func write(
    _ rule: PixelRule, _ resize: Resize, into output: UnsafeMutableBufferPointer<Float>
  ) -> Bool {
    guard case .bytes(let samples) = samples, orientation == .upright,
      channels == rule.channels, channels == 1 || channels == 3
    else { return false }
    samples.withUnsafeBufferPointer { samples in
      guard let from = samples.baseAddress, let to = output.baseAddress else { return }
      resize.apply(from, size(rule), into: to)
    }
    return true
  }

  private func convert<Sample: FixedWidthInteger & UnsignedInteger>(
    _ samples: [Sample], most: Int, _ rule: PixelRule, _ output: UnsafeMutableBufferPointer<Float>
  ) {
    let size = size(rule)
    let steps = PixelSteps(orientation, height: height, width: width)
    let background = Int((rule.background * Double(most)).rounded())
    let scale = Float(most)
    let hasColor = channels >= 3
    let hasAlpha = channels == 2 || channels == 4
    let isPlain = !hasAlpha && channels == rule.channels
    samples.withUnsafeBufferPointer { samples in
      for y in 0..<size.height {
        var source = (steps.start + y * steps.down) * channels
        let step = steps.right * channels
        var place = y * size.width
        for _ in 0..<size.width {
          if isPlain {
            for channel in 0..<channels {
              output[channel &* size.area &+ place] = Float(samples[source &+ channel]) / scale
            }
          } else {
            var pixel = Pixel(samples, source, hasColor)
            let alpha = hasAlpha ? Int(samples[source &+ channels &- 1]) : most
            if hasAlpha, rule.channels < 4 { pixel.lay(over: background, alpha, most) }
            if rule.channels == 1 {
              output[place] = Float(hasColor ? pixel.grey : pixel.red) / scale
            } else {
              output[place] = Float(pixel.red) / scale
              output[size.area &+ place] = Float(pixel.green) / scale
              output[2 &* size.area &+ place] = Float(pixel.blue) / scale
              if rule.channels == 4 { output[3 &* size.area &+ place] = Float(alpha) / scale }
            }
          }
          source &+= step
          place &+= 1
        }
      }
    }
  }
}

/// The colours of a pixel, whole numbers of the image's depth.
private struct Pixel {
  var red: Int
  var green: Int
  var blue: Int

  @inline(__always)
  init<Sample: FixedWidthInteger>(
    _ samples: UnsafeBufferPointer<Sample>, _ place: Int, _ hasColor: Bool
  ) {
    red = Int(samples[place])
    green = hasColor ? Int(samples[place &+ 1]) : red
    blue = hasColor ? Int(samples[place &+ 2]) : red
  }

  /// Lays it over a background, by the share that alpha is of the most, rounded to the nearest.
  @inline(__always)
  mutating func lay(over background: Int, _ alpha: Int, _ most: Int) {
    func laid(_ value: Int) -> Int {
      (value * alpha + background * (most - alpha) + most / 2) / most
    }
    red = laid(red)
    green = laid(green)
    blue = laid(blue)
  }

  /// The three weights as parts of 65,536, which they sum to.
  @inline(__always)
  var grey: Int { (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16 }
}
