import NNModel
package import NNTensor

/// Variance scale / n, n as `mode` says; as Keras has it.
package struct VarianceScaling: Initializer {
  package static let word = "variance_scaling"
  package static let summary =
    "Random numbers whose variance is scale / n, n the inputs, the outputs or their mean."

  package enum Mode: String, WordChoice {
    case fanIn = "fan_in"
    case fanOut = "fan_out"
    case fanAvg = "fan_avg"
  }

  package enum Distribution: String, WordChoice {
    case truncatedNormal = "truncated_normal"
    case normal
    case uniform
  }

  @Field("The variance times n.", principal: true, range: .positive)
  package var scale = 1.0
  @Field("What n is: inputs of an output, outputs of an input, or the mean of both.")
  package var mode = Mode.fanIn
  @Field("How the numbers are spread; truncated_normal ends at two deviations.")
  package var distribution = Distribution.truncatedNormal

  package init() {}

  /// The deviation of a standard normal distribution that is cut off at ±2.
  private static let deviationWithinTwo = 0.879_625_661_034_239_78

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    let fans = Fans(shape)
    let n =
      switch mode {
      case .fanIn: fans.fanIn
      case .fanOut: fans.fanOut
      case .fanAvg: (fans.fanIn + fans.fanOut) / 2
      }
    let deviation = (scale / n).squareRoot()
    return switch distribution {
    case .normal: .normal(shape, deviation: deviation, stream)
    case .uniform: .uniform(shape, within: deviation * 3.0.squareRoot(), stream)
    case .truncatedNormal:
      .truncatedNormal(shape, deviation: deviation / Self.deviationWithinTwo, cut: 2, stream)
    }
  }
}
