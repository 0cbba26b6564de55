package import NNModel

package struct Resize: FixedTransform {
  package static let word = "resize"
  package static let summary = """
    Makes images of one size out of images of any, each source pixel counted. \
    With fit: cover the middle is taken that has the shape wanted, so that nothing is stretched.
    """
  package static let example = "resize: {size: [32, 48], fit: cover}"

  @Field("The height and the width in pixels.", principal: true, range: .atLeast(1))
  package var size: Pair

  @Field("How pixels are taken together: bilinear, or the mean of the area under each.")
  package var method: ResizeMethod = .bilinear

  @Field("What to do with images of another shape: stretch them, or cover and cut.")
  package var fit: ResizeFit = .stretch

  package init() {}

  package func size(of input: ImageSize) throws(TransformProblem) -> ImageSize {
    guard size.height <= ImageSize.mostOfAxis, size.width <= ImageSize.mostOfAxis else {
      throw TransformProblem(
        "an image of \(size.width) × \(size.height) pixels is larger than any that is read",
        help: "An axis has at most \(ImageSize.mostOfAxis) pixels.")
    }
    return input.with(height: size.height, width: size.width)
  }

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    let (rows, columns) = resampling(of: image.size)
    resample(image, rows: rows, columns: columns, into: output)
  }

  /// Resizes an image of bytes, [height, width, channels], 1 or 3 of them, to the floats that
  /// ``apply(_:into:_:)`` makes of floats from 0 to 1.
  func apply(
    _ bytes: UnsafePointer<UInt8>, _ own: ImageSize, into output: UnsafeMutablePointer<Float>
  ) {
    let (rows, columns) = resampling(of: own)
    resample(bytes, own, rows: rows, columns: columns, into: output)
  }

  private func resampling(of own: ImageSize) -> (rows: Resampling, columns: Resampling) {
    var height = Double(own.height)
    var width = Double(own.width)
    if fit == .cover {
      let scale = min(height / Double(size.height), width / Double(size.width))
      height = Double(size.height) * scale
      width = Double(size.width) * scale
    }
    let top = (Double(own.height) - height) / 2
    let left = (Double(own.width) - width) / 2
    return (
      Resampling(size.height, of: own.height, start: top, length: height, method),
      Resampling(size.width, of: own.width, start: left, length: width, method)
    )
  }
}

/// What to do with images of another shape.
package enum ResizeFit: String, WordChoice {
  case stretch
  case cover
}

extension ImageSize {
  /// The most pixels along an axis that a transform may make.
  static let mostOfAxis = 1 << 14
}
