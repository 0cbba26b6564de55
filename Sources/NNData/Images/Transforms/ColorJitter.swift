import NNModel

package struct ColorJitter: RandomTransform {
  package static let word = "color_jitter"
  package static let summary = """
    Changes brightness, contrast, saturation and hue in training, in this order, each by a random \
    factor or turn. Grey images have no saturation and no hue; alpha stays.
    """
  package static let example = "color_jitter: {brightness: 0.2, contrast: 0.2, hue: 0.05}"

  @Field("Values are multiplied by a factor from 1 − b to 1 + b.", range: .between(0, 1))
  package var brightness = 0.0

  @Field(
    "Distances from the mean grey are, by a factor from 1 − c to 1 + c.", range: .between(0, 1))
  package var contrast = 0.0

  @Field(
    "Distances from a pixel's own grey are, by a factor from 1 − s to 1 + s.",
    range: .between(0, 1))
  package var saturation = 0.0

  @Field("Colours turn by a share of the circle from −h to h.", range: .between(0, 0.5))
  package var hue = 0.0

  package init() {}

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    let jitter = Jitter(
      brightness: Float(1 + draws.balanced(0) * brightness),
      contrast: Float(1 + draws.balanced(1) * contrast),
      saturation: Float(1 + draws.balanced(2) * saturation), hue: Float(draws.balanced(3) * hue))
    output.update(from: image.values, count: image.size.count)
    jitter.apply(output, image.size)
  }
}

/// What is done to the colours of one image, in place, values from 0 to 1.
struct Jitter {
  /// Factors, 1 changes nothing.
  var brightness: Float = 1
  var contrast: Float = 1
  var saturation: Float = 1
  /// A share of the circle, 0 changes nothing.
  var hue: Float = 0

  func apply(_ values: UnsafeMutablePointer<Float>, _ size: ImageSize) {
    let area = size.area
    let colors = size.channels >= 3 ? 3 : 1
    let (red, green, blue) = (values, values + area, values + 2 * area)
    @inline(__always) func grey(_ index: Int) -> Float {
      colors == 1
        ? red[index] : 0.299 * red[index] + 0.587 * green[index] + 0.114 * blue[index]
    }
    if brightness != 1 {
      for index in 0..<colors * area { values[index] = clamped(values[index] * brightness) }
    }
    if contrast != 1 {
      var sum = 0.0
      for index in 0..<area { sum += Double(grey(index)) }
      let mean = Float(sum / Double(area)) * (1 - contrast)
      for index in 0..<colors * area { values[index] = clamped(values[index] * contrast + mean) }
    }
    guard colors == 3 else { return }
    if saturation != 1 {
      for index in 0..<area {
        let rest = grey(index) * (1 - saturation)
        red[index] = clamped(red[index] * saturation + rest)
        green[index] = clamped(green[index] * saturation + rest)
        blue[index] = clamped(blue[index] * saturation + rest)
      }
    }
    if hue != 0 {
      for index in 0..<area {
        (red[index], green[index], blue[index]) = turned(red[index], green[index], blue[index])
      }
    }
  }

  @inline(__always)
  private func clamped(_ value: Float) -> Float { min(max(value, 0), 1) }

  /// Turns the hue of a colour; value and saturation, as HSV has them, stay.
  private func turned(_ red: Float, _ green: Float, _ blue: Float) -> (Float, Float, Float) {
    let most = max(red, green, blue)
    let least = min(red, green, blue)
    let range = most - least
    guard range > 0 else { return (red, green, blue) }
    let sixth: Float =
      if most == red {
        (green - blue) / range
      } else if most == green {
        2 + (blue - red) / range
      } else {
        4 + (red - green) / range
      }
    let place = sixth + hue * 6
    /// How far a channel that begins so many sixths further is below the greatest.
    @inline(__always) func channel(_ offset: Float) -> Float {
      var distance = (place + offset).truncatingRemainder(dividingBy: 6)
      if distance < 0 { distance += 6 }
      return most - range * max(0, min(1, min(distance, 4 - distance)))
    }
    return (channel(5), channel(3), channel(1))
  }
}
