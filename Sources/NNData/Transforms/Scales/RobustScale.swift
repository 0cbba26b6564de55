import NNModel

package struct RobustScale: Scale {
  package static let word = "robust"
  package static let summary = """
    Takes the median away and divides by the distance between the quartiles, both of the training \
    rows, so that a few extreme values change nothing. A constant column becomes zeros.
    """

  package init() {}

  package var needsValues: Bool { true }

  package func fit(_ column: TrainingColumn) -> ScaleFit {
    guard !column.sorted.isEmpty else { return ScaleFit(offset: 0, factor: 1) }
    let width = quantile(0.75, of: column.sorted) - quantile(0.25, of: column.sorted)
    return ScaleFit(offset: quantile(0.5, of: column.sorted), factor: factor(undoing: width))
  }
}
