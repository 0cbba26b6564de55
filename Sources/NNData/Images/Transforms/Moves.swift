// Transforms that move an image under its frame in training.
package import NNModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

package struct Shift: RandomTransform {
  package static let word = "shift"
  package static let summary = """
    Moves images in training, up or down and left or right by whole pixels, \
    any distance as likely as another.
    """

  @Field(
    "The farthest, as a share of the height and of the width.", principal: true,
    range: .from(0, below: 1))
  package var by: Double

  @Field("What comes in from outside, from 0, black, to 1, white.", range: .between(0, 1))
  package var fill = 0.0

  package init() {}

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    let size = image.size
    let up = Int((draws.balanced(0) * by * Double(size.height)).rounded())
    let left = Int((draws.balanced(1) * by * Double(size.width)).rounded())
    moved(
      image, into: output, height: size.height, width: size.width, up: up, left: left,
      fill: Float(fill))
  }
}

package struct RandomCrop: RandomTransform {
  package static let word = "random_crop"
  package static let summary = """
    Puts pixels around images in training and takes a window of the image's size anywhere from that.
    """

  @Field("How many pixels at each edge.", principal: true, range: .atLeast(1))
  package var padding: Int

  @Field("What they are, from 0, black, to 1, white.", range: .between(0, 1))
  package var fill = 0.0

  package init() {}

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    moved(
      image, into: output, height: image.size.height, width: image.size.width,
      up: draws.integer(below: 2 * padding + 1, 0) - padding,
      left: draws.integer(below: 2 * padding + 1, 1) - padding, fill: Float(fill))
  }
}

package struct Rotate: RandomTransform {
  package static let word = "rotate"
  package static let summary = """
    Turns images about their middle in training, by any angle up to one, \
    each pixel between the four that it comes to lie on.
    """

  @Field("The greatest angle, in degrees, either way.", principal: true, range: .between(0, 180))
  package var degrees: Double

  @Field("What comes in from outside, from 0, black, to 1, white.", range: .between(0, 1))
  package var fill = 0.0

  package init() {}

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    rotated(image, by: draws.balanced(0) * degrees, fill: Float(fill), into: output)
  }
}

/// Turns an image about its middle.
///
/// - degrees: to the left, as angles are counted.
func rotated(
  _ image: ImageView, by degrees: Double, fill: Float, into output: UnsafeMutablePointer<Float>
) {
  let size = image.size
  let (sine, cosine) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
  let (middleY, middleX) = (Double(size.height - 1) / 2, Double(size.width - 1) / 2)
  for y in 0..<size.height {
    for x in 0..<size.width {
      // Where the pixel comes from: the way back turns to the right.
      let (dy, dx) = (Double(y) - middleY, Double(x) - middleX)
      let sourceY = middleY + cosine * dy + sine * dx
      let sourceX = middleX + cosine * dx - sine * dy
      let (top, left) = (sourceY.rounded(.down), sourceX.rounded(.down))
      let (below, right) = (Float(sourceY - top), Float(sourceX - left))
      let (row, column) = (Int(top), Int(left))
      for channel in 0..<size.channels {
        let source = image.channel(channel)
        @inline(__always) func pixel(_ row: Int, _ column: Int) -> Float {
          row >= 0 && row < size.height && column >= 0 && column < size.width
            ? source[row &* size.width &+ column] : fill
        }
        let upper = pixel(row, column) * (1 - right) + pixel(row, column + 1) * right
        let lower = pixel(row + 1, column) * (1 - right) + pixel(row + 1, column + 1) * right
        output[channel &* size.area &+ y &* size.width &+ x] = upper * (1 - below) + lower * below
      }
    }
  }
}
