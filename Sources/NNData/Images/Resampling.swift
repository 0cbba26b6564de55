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
    var raw: [Double] = []
    for pixel in 0..<count {
      let center = start + (Double(pixel) + 0.5) * scale
      var first = Int((center - width).rounded(.down))
      var end = Int((center + width).rounded(.up))
      first = min(max(first, 0), size - 1)
      end = max(min(end, size), first + 1)
      raw.removeAll(keepingCapacity: true)
      for source in first..<end {
        let weight =
          switch method {
          case .bilinear: max(0, 1 - abs(Double(source) + 0.5 - center) / width)
          case .area:
            max(0, min(Double(source) + 1, center + width) - max(Double(source), center - width))
          }
        raw.append(weight)
      }
      let sum = raw.reduce(0, +)
      firsts.append(first)
      // A part so short that rounding leaves nothing of it is the pixel it lies in.
      for weight in raw {
        weights.append(sum > 0 ? Float(weight / sum) : 1 / Float(raw.count))
      }
      places.append(weights.count)
    }
    self.firsts = firsts
    self.places = places
    self.weights = weights
  }

  /// Calls with the memory of what it knows.
  fileprivate func withTaps(_ body: (Taps) -> Void) {
    firsts.withUnsafeBufferPointer { firsts in
      places.withUnsafeBufferPointer { places in
        weights.withUnsafeBufferPointer { weights in
          guard let first = firsts.baseAddress, let place = places.baseAddress,
            let weight = weights.baseAddress
          else { return }
          body(Taps(count: firsts.count, firsts: first, places: place, weights: weight))
        }
      }
    }
  }
}

/// What each of the pixels along an axis is made of, for loops that look at nothing else.
private struct Taps {
  let count: Int
  let firsts: UnsafePointer<Int>
  let places: UnsafePointer<Int>
  let weights: UnsafePointer<Float>

  /// Calls with each source pixel of a pixel and its weight.
  @inline(__always)
  func sum(_ pixel: Int, _ body: (_ source: Int, _ weight: Float) -> Void) {
    let first = firsts[pixel]
    let place = places[pixel]
    for index in place..<places[pixel &+ 1] { body(first &+ index &- place, weights[index]) }
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
  resample(height: size.height, channels: size.channels, rows, columns, into: output) {
    columns, narrow in
    for channel in 0..<size.channels {
      let source = image.channel(channel)
      for y in 0..<size.height {
        let line = source + y &* size.width
        let target = narrow + (channel &* size.height &+ y) &* width
        for x in 0..<width {
          var sum: Float = 0
          columns.sum(x) { sum += line[$0] * $1 }
          target[x] = sum
        }
      }
    }
  }
}

/// Resamples an image of bytes as if it had been made of floats from 0 to 1 before: the same sums in the
/// same order, but all colours of a pixel at once and no image of floats in between.
///
/// - Parameters:
///   - bytes: [height, width, 1 or 3]
///   - size: theirs.
///   - rows: what each row is made of.
///   - columns: and each column.
///   - output: [channels, rows.count, columns.count]
func resample(
  _ bytes: UnsafePointer<UInt8>, _ size: ImageSize, rows: Resampling, columns: Resampling,
  into output: UnsafeMutablePointer<Float>
) {
  let width = columns.count
  let count = size.width * size.channels
  let plane = size.height * width
  resample(height: size.height, channels: size.channels, rows, columns, into: output) {
    columns, narrow in
    // The last pixel of three colours is read as four.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count + 1) { memory in
      guard let line = memory.baseAddress else { return }
      line.initialize(repeating: 0, count: count + 1)
      for y in 0..<size.height {
        let source = bytes + y &* count
        for index in 0..<count { line[index] = Float(source[index]) / 255 }
        let target = narrow + y &* width
        if size.channels == 3 {
          let pixels = UnsafeRawPointer(line)
          for x in 0..<width {
            var sum = SIMD4<Float>.zero
            columns.sum(x) {
              sum += pixels.loadUnaligned(fromByteOffset: 12 &* $0, as: SIMD4<Float>.self) * $1
            }
            target[x] = sum.x
            target[plane &+ x] = sum.y
            target[2 &* plane &+ x] = sum.z
          }
        } else {
          for x in 0..<width {
            var sum: Float = 0
            columns.sum(x) { sum += line[$0] * $1 }
            target[x] = sum
          }
        }
      }
    }
  }
}

/// Resamples the columns of an image whose rows are resampled by whoever calls.
///
/// - narrowing: fills [channels, height, columns.count]
private func resample(
  height: Int, channels: Int, _ rows: Resampling, _ columns: Resampling,
  into output: UnsafeMutablePointer<Float>,
  narrowing: (_ columns: Taps, _ narrow: UnsafeMutablePointer<Float>) -> Void
) {
  let width = columns.count
  let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(channels * height * width, 1))
  defer { memory.deallocate() }
  columns.withTaps { narrowing($0, memory) }
  rows.withTaps { rows in
    for channel in 0..<channels {
      let narrow = memory + channel &* height &* width
      for y in 0..<rows.count {
        let line = output + (channel &* rows.count &+ y) &* width
        line.update(repeating: 0, count: width)
        rows.sum(y) { row, weight in
          let source = narrow + row &* width
          for x in 0..<width { line[x] += source[x] * weight }
        }
      }
    }
  }
}
