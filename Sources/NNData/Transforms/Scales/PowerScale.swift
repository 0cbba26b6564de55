import NNModel

package struct PowerScale: Scale {
  package static let word = "power"
  package static let summary = """
    Bends the numbers by the power that makes the training rows most like a normal distribution \
    (Yeo–Johnson, of any sign), then takes the mean away and divides by the standard deviation. \
    A constant column becomes zeros.
    """

  package init() {}

  package var needsValues: Bool { true }

  package func fit(_ column: TrainingColumn) -> ScaleFit {
    let curve = PowerCurve.fitted(to: column.sorted)
    let bent = columnStatistics(
      column.sorted.map(curve.apply), width: 1, rows: Array(column.sorted.indices))[0]
    return ScaleFit(
      offset: bent.mean, factor: factor(undoing: bent.deviation), curve: .power(curve))
  }
}
