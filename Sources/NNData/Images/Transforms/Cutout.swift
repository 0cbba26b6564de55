package import NNModel

package struct Cutout: RandomTransform {
  package static let word = "cutout"
  package static let summary = """
    Covers a rectangle of images in training (DeVries and Taylor, 2017). Its middle is any pixel, so \
    that at the edges a part of it lies outside.
    """

  @Field("The height and the width in pixels.", principal: true, range: .atLeast(1))
  package var size: Pair

  @Field("How often.", range: .between(0, 1))
  package var probability = 1.0

  @Field("What covers it, from 0, black, to 1, white.", range: .between(0, 1))
  package var fill = 0.0

  package init() {}

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    let whole = image.size
    output.update(from: image.values, count: whole.count)
    guard draws.isTrue(probability, 0) else { return }
    let top = draws.integer(below: whole.height, 1) - size.height / 2
    let left = draws.integer(below: whole.width, 2) - size.width / 2
    let rows = max(top, 0)..<min(top + size.height, whole.height)
    let columns = max(left, 0)..<min(left + size.width, whole.width)
    for channel in 0..<whole.channels {
      for y in rows {
        (output + channel * whole.area + y * whole.width + columns.lowerBound)
          .update(repeating: Float(fill), count: columns.count)
      }
    }
  }
}
