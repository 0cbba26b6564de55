package import NNModel

package struct Flip: RandomTransform {
  package static let word = "flip"
  package static let summary = "Mirrors images in training, half of them unless told otherwise."

  @Field("Which sides change places; with both, each by a draw of its own.", principal: true)
  package var axis: FlipAxis = .horizontal

  @Field("How often.", range: .between(0, 1))
  package var probability = 0.5

  package init() {}

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    let size = image.size
    let isMirrored = axis != .vertical && draws.isTrue(probability, 0)
    let isTurned = axis != .horizontal && draws.isTrue(probability, 1)
    for channel in 0..<size.channels {
      for y in 0..<size.height {
        let from = image.channel(channel) + (isTurned ? size.height - 1 - y : y) * size.width
        let to = output + channel * size.area + y * size.width
        if isMirrored {
          for x in 0..<size.width { to[x] = from[size.width &- 1 &- x] }
        } else {
          to.update(from: from, count: size.width)
        }
      }
    }
  }
}

/// What a mirror exchanges.
package enum FlipAxis: String, WordChoice {
  /// Left and right.
  case horizontal
  /// Above and below.
  case vertical
  case both
}
