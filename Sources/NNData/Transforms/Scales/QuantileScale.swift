package import NNModel

package struct QuantileScale: Scale {
  package static let word = "quantile"
  package static let summary = """
    Replaces a number by the share of the training rows below it, from 0 to 1, or by the number that \
    lies there in a normal distribution, within ±5.2. What is beyond the training rows becomes the end. \
    A constant column becomes zeros.
    """

  @Field(
    "How many quantiles are kept; what is between two of them lies on a line.",
    range: .between(2, 100_000))
  package var quantiles: Int = 1000

  @Field("How the results are distributed.")
  package var output: Output = .uniform

  package enum Output: String, WordChoice {
    case uniform
    case normal
  }

  package init() {}

  package var needsValues: Bool { true }

  package func fit(_ column: TrainingColumn) -> ScaleFit {
    guard !column.sorted.isEmpty else { return ScaleFit(offset: 0, factor: 1) }
    let curve = QuantileCurve(
      fittedTo: column.sorted, count: quantiles, toNormal: output == .normal)
    return ScaleFit(offset: 0, factor: 1, curve: .quantiles(curve))
  }
}
