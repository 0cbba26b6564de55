import NNTensor

/// How a filter or a window moves over an image; see Dumoulin and Visin, "A guide to convolution
/// arithmetic for deep learning" (2016).
package struct ConvolutionGeometry: Sendable, Hashable {
  /// How it moves along one axis.
  package struct Axis: Sendable, Hashable {
    package let kernel: Int
    package let stride: Int
    /// One is a filter without holes.
    package let dilation: Int
    package let padBefore, padAfter: Int

    package init(
      kernel: Int, stride: Int = 1, dilation: Int = 1, padBefore: Int = 0, padAfter: Int = 0
    ) {
      self.kernel = kernel
      self.stride = stride
      self.dilation = dilation
      self.padBefore = padBefore
      self.padAfter = padAfter
    }

    /// A window that sees one element at a time and changes nothing.
    package static let trivial = Axis(kernel: 1)

    /// How far a window reaches, its holes included.
    package var covered: Int { (kernel - 1) * dilation + 1 }

    /// How many places there are for the window; below one where it does not fit.
    fileprivate func places(_ size: Int) -> Int {
      let room = size + padBefore + padAfter - covered
      return room < 0 ? 0 : room / stride + 1
    }
  }

  /// One for each axis of an image but the channels: [length], [height, width] or [depth, height,
  /// width].
  package let axes: [Axis]

  package init(_ axes: [Axis]) {
    self.axes = axes
  }

  /// Of an image [channels, height, width].
  package init(
    kernel: (Int, Int), stride: (Int, Int) = (1, 1), dilation: (Int, Int) = (1, 1),
    padTop: Int = 0, padLeft: Int = 0, padBottom: Int = 0, padRight: Int = 0
  ) {
    self.init([
      Axis(
        kernel: kernel.0, stride: stride.0, dilation: dilation.0, padBefore: padTop,
        padAfter: padBottom),
      Axis(
        kernel: kernel.1, stride: stride.1, dilation: dilation.1, padBefore: padLeft,
        padAfter: padRight),
    ])
  }

  package var kernel: [Int] { axes.map(\.kernel) }

  /// The longest that an image with its padding may be, and a window: kernels count in 32 bits.
  private static let longest = Int(Int32.max)

  /// The sizes of the result, or what does not fit.
  package func outputSizes(_ sizes: [Int]) throws(ShapeError) -> [Int] {
    let isPadded = axes.contains { $0.padBefore + $0.padAfter > 0 }
    let place =
      "\(sizes.count == 1 ? "a length" : "an image") of \(described(sizes))"
      + (isPadded ? " with its padding" : "")
    let results = zip(axes, sizes).map { $0.places($1) }
    guard !results.contains(0) else {
      throw ShapeError("a window of \(described(axes.map(\.covered))) does not fit into \(place)")
    }
    for (axis, size) in zip(axes, sizes) {
      guard size + axis.padBefore + axis.padAfter <= ConvolutionGeometry.longest,
        axis.covered <= ConvolutionGeometry.longest
      else { throw ShapeError("\(place) is longer than 2³¹") }
    }
    return results
  }
}

extension ConvolutionGeometry {
  /// Whether every place along the first axis sees something of the image.
  var seesAtEveryLine: Bool {
    axes[0].padBefore < axes[0].covered && axes[0].padAfter < axes[0].covered
  }

  /// How the filter moves where only some places along the first axis are wanted, and what of an axis
  /// of a size it then sees.
  func lines(_ places: Range<Int>, of size: Int) -> (ConvolutionGeometry, seen: Range<Int>) {
    let axis = axes[0]
    let first = places.lowerBound * axis.stride - axis.padBefore
    let end = (places.upperBound - 1) * axis.stride - axis.padBefore + axis.covered
    let seen = max(first, 0)..<min(end, size)
    let part = Axis(
      kernel: axis.kernel, stride: axis.stride, dilation: axis.dilation,
      padBefore: seen.lowerBound - first, padAfter: max(end - seen.upperBound, 0))
    return (ConvolutionGeometry([part] + axes.dropFirst()), seen)
  }
}

/// Sizes as one says them: `3×4`.
package func described(_ sizes: [Int]) -> String {
  sizes.map(String.init).joined(separator: "×")
}
