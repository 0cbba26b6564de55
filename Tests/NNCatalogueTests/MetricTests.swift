import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

@Suite struct MetricTests {
  @Test private func `every metric has a row`() {
    #expect(Set(metricRows.map(\.word)) == Set(Catalogue.standard.metrics.words))
  }

  @Test(arguments: metricRows)
  private func `a metric is what one computes by hand`(_ row: MetricRow) {
    #expect(row.metric.fits(row.target))
    let result = row.result(row.observations)
    guard let value = result.number, let figure = row.figure.number else {
      #expect(result == row.figure)
      return
    }
    #expect(abs(value - figure) < 1e-12 || (value.isNaN && figure.isNaN), "\(value)")
  }

  @Test(arguments: metricRows)
  private func `a metric fits either classes or numbers`(_ row: MetricRow) {
    let ofClasses: [TargetType] = [
      .category(classes: ["a", "b"]), .category(classes: ["a", "b"], shape: [4]),
      .binary(positive: "a"),
    ]
    let ofNumbers: [TargetType] = [.number([1]), .number([2, 3])]
    let isOfNumbers = row.metric.fits(.number([1]))
    #expect(ofNumbers.allSatisfy { row.metric.fits($0) == isOfNumbers })
    #expect(ofClasses.contains { row.metric.fits($0) } == !isOfNumbers)
  }

  @Test(arguments: metricRows)
  private func `a metric says which way is better, or that neither is`(_ row: MetricRow) {
    let areErrors = [
      "mae", "mse", "rmse", "mape", "smape", "mase", "median_absolute_error", "max_error",
      "log_loss", "brier", "calibration_error", "perplexity", "bits_per_byte",
    ]
    let areNeither = ["confusion_matrix", "quantile_coverage"]
    let expected = areNeither.contains(row.word) ? nil : !areErrors.contains(row.word)
    #expect(row.metric.isBetterWhenGreater == expected)
  }

  @Test(arguments: metricRows)
  private func `without samples no number is told`(_ row: MetricRow) {
    let result = row.result([])
    if let number = result.number { #expect(number.isNaN) }
    #expect(result.table.map { $0.counts.joined().allSatisfy { $0 == 0 } } ?? true)
  }

  @Test(arguments: metricRows)
  private func `positions that do not count change nothing`(_ row: MetricRow) {
    guard case .category = row.target else { return }
    let ignored = Observation(
      prediction: [Float](repeating: 1, count: row.target.shape.count * 3)[...],
      labels: [Int32](repeating: -1, count: row.target.shape.count)[...])
    let alone = row.result(row.observations)
    let among = row.result([ignored] + row.observations + [ignored])
    #expect(among == alone || (among.number?.isNaN == true && alone.number?.isNaN == true))
  }

  /// Those that look at probabilities or numbers themselves rather than at who is greatest.
  private static let telling = metricRows.filter { row in
    ![
      "accuracy", "balanced_accuracy", "top_k_accuracy", "precision", "recall", "specificity",
      "f1", "f_beta", "jaccard", "matthews", "cohen_kappa", "confusion_matrix", "token_accuracy",
      "quantile_coverage",
    ].contains(row.word)
  }

  @Test(arguments: telling)
  private func `what is not a number makes no figure`(_ row: MetricRow) throws {
    guard let first = row.observations.first else { return }
    let broken = Observation(
      prediction: first.prediction.map { _ in Float.nan }[...], labels: first.labels,
      truth: first.truth)
    for observations in [[broken] + row.observations, row.observations + [broken]] {
      #expect(try #require(row.result(observations).number).isNaN)
    }
  }

  @Test private func `the first of equally probable classes is predicted`() {
    let observation = Observation(prediction: [0.2, 0.4, 0.4][...], label: 0, truth: [])
    #expect(observation.predictedClass == 1)
    // A slice of a longer row counts from its own start.
    let row: [Float] = [9, 9, 0.1, 0.2, 0.7]
    #expect(Observation(prediction: row[2...], label: 0, truth: []).predictedClass == 2)
  }

  @Test private func `an observation divides its probabilities among its labels`() {
    let observation = Observation(
      prediction: [0.25, 0.75, 1, 0, 0.5, 0.5][...], labels: [1, 0, -1][...])
    #expect(observation.classes == 2)
    #expect(observation.label == 1)
    #expect(observation.predictedClass == 1)
  }

  @Test private func `sums keep what rounding would take from them`() {
    // A million tenths on top of a large number, of which plain addition loses the last digits.
    var accumulator = MeanAbsoluteErrorMetric().accumulator(.number([1]))
    accumulator.add(.init(prediction: [0], labels: [], truth: [1e12]))
    for _ in 0..<1_000_000 {
      accumulator.add(.init(prediction: [0], labels: [], truth: [0.1]))
    }
    let sum = Double(Float(1e12)) + 1e6 * Double(Float(0.1))
    let mean = sum / 1_000_001
    #expect(abs((accumulator.result.number ?? 0) - mean) <= 2 * mean.ulp)
  }
}

/// What does not fit besides the kind of target.
struct MetricMismatch: Sendable, CustomTestStringConvertible {
  let metric: any Metric
  let target: TargetType
  let prediction: Shape
  let message: String

  var testDescription: String { message }
}

private let ofThree = TargetType.category(classes: ["a", "b", "c"])

private func metric<M: Metric>(_ metric: M, _ change: (inout M) -> Void = { _ in }) -> M {
  var metric = metric
  change(&metric)
  return metric
}

let metricMismatches: [MetricMismatch] = [
  .init(
    metric: metric(F1()) { $0.average = .binary }, target: ofThree, prediction: [3],
    message:
      "average: binary is the figure of a positive class, and the target is a category of 3 classes"
  ),
  .init(
    metric: TopKAccuracy(), target: ofThree, prediction: [3],
    message: "among the 5 most probable of 3 classes is every class"),
  .init(
    metric: Accuracy(), target: ofThree, prediction: [16],
    message:
      "'accuracy' needs 3 numbers to judge a category of 3 classes, and what its loss predicts is [16]"
  ),
  .init(
    metric: Perplexity(), target: .category(classes: ["a", "b"], shape: [4]), prediction: [4, 3],
    message:
      "'perplexity' needs 8 numbers to judge [4] categories of 2 classes, and what its loss predicts is [4, 3]"
  ),
  .init(
    metric: MeanAbsoluteErrorMetric(), target: .number([1]), prediction: [3],
    message: "'mae' needs 1 number to judge a number, and what its loss predicts is [3]"),
  .init(
    metric: QuantileCoverage(), target: .number([2]), prediction: [5],
    message:
      "'quantile_coverage' needs the same number of quantiles for each of 2 numbers, and what its loss predicts is [5]"
  ),
  .init(
    metric: ConfusionMatrix(), target: .category(classes: (0..<1001).map { "\($0)" }),
    prediction: [1001], message: "a table of 1001 by 1001 classes is too large to be told"),
]

@Suite struct MetricMismatchTests {
  @Test(arguments: metricMismatches)
  private func `what a metric cannot judge is said`(_ row: MetricMismatch) {
    #expect(row.metric.fits(row.target))
    let error = #expect(throws: ShapeError.self) {
      try row.metric.check(row.target, prediction: row.prediction)
    }
    #expect(error?.message == row.message)
    #expect(error?.help != nil)
  }

  @Test(arguments: metricRows)
  private func `what a metric can judge is accepted`(_ row: MetricRow) throws {
    guard let first = row.observations.first else { return }
    try row.metric.check(row.target, prediction: [first.prediction.count])
    // Of classes that the data has not told yet nothing is known.
    let unknown = TargetType.category(classes: nil)
    if row.target.shape == .scalar, row.metric.fits(unknown) {
      try row.metric.check(unknown, prediction: [7])
    }
  }
}
