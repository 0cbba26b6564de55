import NNModel

/// How images are made smaller or larger.
package enum ResizeMethod: String, WordChoice {
  /// A triangle as wide as the pixels that become one, so that nothing is skipped; Pillow's BILINEAR.
  case bilinear
  /// The mean of what lies under a pixel, each source pixel by the share that does.
  case area
}

/// What each of the pixels along an axis is made of.
struct Resampling {
  /// For each pixel the first source pixel, and where its weights are.
  private let firsts: [Int]
  private let places: [Int]
  private let weights: [Float]

  var count: Int { firsts.count }

  /// - Parameters:
  ///   - count: pixels to make.
  ///   - size: pixels of the source.
  ///   - start: where the part begins that is taken, in pixels.
  ///   - length: and how long it is, above zero.
  ///   - method: how they are taken together.
  init(_ count: Int, of size: Int, start: Double, length: Double, _ method: ResizeMethod) {
    var firsts: [Int] = []
    var places = [0]
    var weights: [Float] = []
    let scale = length / Double(count)
    let width = method == .bilinear ? max(scale, 1) : scale / 2
    for pixel in 0..<count {
      let center = start + (Double(pixel) + 0.5) * scale
      var first = Int((center - width).rounded(.down))
      var end = Int((center + width).rounded(.up))
      first = min(max(first, 0), size - 1)
      end = max(min(end, size), first + 1)
      let raw = (first..<end).map { source in
        switch method {
        case .bilinear: max(0, 1 - abs(Double(source) + 0.5 - center) / width)
        case .area:
          max(0, min(Double(source) + 1, center + width) - max(Double(source), center - width))
        }
      }
      let sum = raw.reduce(0, +)
      firsts.append(first)
      // A part so short that rounding leaves nothing of it is the pixel it lies in.
      weights += raw.map { sum > 0 ? Float($0 / sum) : 1 / Float(raw.count) }
      places.append(weights.count)
    }
    self.firsts = firsts
    self.places = places
    self.weights = weights
  }

  /// Calls with each source pixel of a pixel and its weight.
  @inline(__always)
  func sum(_ pixel: Int, _ body: (_ source: Int, _ weight: Float) -> Void) {
    let first = firsts[pixel]
    let place = places[pixel]
    for index in place..<places[pixel + 1] { body(first &+ index &- place, weights[index]) }
  }
}

/// Resamples an image: rows first, then columns.
///
/// - output: [channels, rows.count, columns.count]
func resample(
  _ image: ImageView, rows: Resampling, columns: Resampling,
  into output: UnsafeMutablePointer<Float>
) {
  let size = image.size
  let width = columns.count
  var narrow = [Float](repeating: 0, count: size.height * width)
  narrow.withUnsafeMutableBufferPointer { narrow in
    for channel in 0..<size.channels {
      let source = image.channel(channel)
      for y in 0..<size.height {
        let line = source + y * size.width
        for x in 0..<width {
          var sum: Float = 0
          columns.sum(x) { sum += line[$0] * $1 }
          narrow[y &* width &+ x] = sum
        }
      }
      for y in 0..<rows.count {
        let line = output + (channel * rows.count + y) * width
        line.update(repeating: 0, count: width)
        rows.sum(y) { row, weight in
          for x in 0..<width { line[x] += narrow[row &* width &+ x] * weight }
        }
      }
    }
  }
}
