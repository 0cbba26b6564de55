package import NNTensor

/// The size of an image in floats, [channels, height, width].
package struct ImageSize: Sendable, Hashable {
  package let channels: Int
  package let height: Int
  package let width: Int

  package init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The size of rows of a shape, [height, width] or [channels, height, width]; nil of others.
  init?(rowShape shape: Shape) {
    let sizes = shape.sizes
    guard sizes.count == 2 || (sizes.count == 3 && [1, 3, 4].contains(sizes[0])) else {
      return nil
    }
    self.init(
      channels: sizes.count == 2 ? 1 : sizes[0], height: sizes[sizes.count - 2],
      width: sizes[sizes.count - 1])
  }

  /// Numbers of a channel.
  package var area: Int { height * width }
  package var count: Int { channels * area }
  package var shape: Shape { [channels, height, width] }
  /// Such as `640 × 480`, the width first, as people tell sizes of images.
  package var shown: String { "\(width) × \(height)" }

  package func with(height: Int, width: Int) -> ImageSize {
    ImageSize(channels: channels, height: height, width: width)
  }
}

/// Columns of numbers that are the pixels of images.
package struct PixelColumns: Sendable, Hashable {
  /// [height, width] or [channels, height, width].
  package let shape: Shape
  /// What the numbers are multiplied by to be from 0 to 1.
  package let factor: Double
}

/// An image to look at: floats [channels, height, width], where 0 is dark and 1 is light.
package struct ImageView {
  package let size: ImageSize
  package let values: UnsafePointer<Float>

  package init(_ values: UnsafePointer<Float>, _ size: ImageSize) {
    self.values = values
    self.size = size
  }

  /// The rows of a channel, [height, width].
  func channel(_ channel: Int) -> UnsafePointer<Float> { values + channel * size.area }
}
