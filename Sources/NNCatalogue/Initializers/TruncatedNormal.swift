import NNModel
package import NNTensor

/// Normally distributed, without what lies far from the mean.
package struct TruncatedNormal: Initializer {
  package static let word = "truncated_normal"
  package static let summary =
    "Normally distributed random numbers, drawn again where they lie too far from the mean."

  @Field("Their standard deviation before any is drawn again.", principal: true, range: .positive)
  package var deviation = 0.05
  @Field("Their mean.")
  package var mean = 0.0
  @Field(
    "The greatest distance from the mean, in deviations as Keras has it (PyTorch's a and b are "
      + "the limits themselves).", range: .atLeast(0.1))
  package var cut = 2.0

  package init() {}

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    .truncatedNormal(shape, mean: mean, deviation: deviation, cut: cut, stream)
  }
}

extension Tensor {
  /// Normally distributed numbers, each drawn again while it is more than `cut` deviations away.
  ///
  /// - cut: not far below one, lest there be too many draws.
  static func truncatedNormal(
    _ shape: Shape, mean: Double = 0, deviation: Double, cut: Double, _ stream: RandomStream
  ) -> Tensor {
    let count = UInt64(shape.count)
    return Tensor(
      shape,
      (0..<count).map { index in
        // Each draw of an element has a counter of its own.
        var counter = index
        var z = stream.normal(at: counter)
        while abs(z) > cut {
          counter += count
          z = stream.normal(at: counter)
        }
        return Float(mean + deviation * z)
      })
  }
}
