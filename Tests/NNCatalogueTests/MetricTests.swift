import NNCatalogue
import NNModel
import NNTensor
import NNTestSupport
import Testing

/// A metric over a few samples, with its figure computed by hand.
struct MetricRow: Sendable, CustomTestStringConvertible {
  enum Samples: Sendable {
    /// Probabilities of three classes, and the class.
    case classes([(prediction: [Float], label: Int)])
    /// The probability of yes, and whether it is yes.
    case binary([(prediction: Float, truth: Float)])
    /// Numbers, and the true ones.
    case numbers([(prediction: [Float], truth: [Float])])
  }

  let metric: any Metric
  let samples: Samples
  let figure: Double

  init(_ metric: any Metric, _ samples: Samples, _ figure: Double) {
    self.metric = metric
    self.samples = samples
    self.figure = figure
  }

  var word: String { type(of: metric).word }
  var testDescription: String { "\(word) is \(figure)" }

  var target: TargetType {
    switch samples {
    case .classes: .category(classes: ["a", "b", "c"])
    case .binary: .binary(positive: "yes")
    case .numbers(let rows): .number([rows.first?.truth.count ?? 2])
    }
  }

  var observations: [Observation] {
    switch samples {
    case .classes(let rows):
      rows.map { .init(prediction: $0.prediction[...], label: $0.label, truth: []) }
    case .binary(let rows):
      rows.map { .init(prediction: [$0.prediction], label: 0, truth: [$0.truth]) }
    case .numbers(let rows):
      rows.map { .init(prediction: $0.prediction[...], label: 0, truth: $0.truth[...]) }
    }
  }
}

/// Predicted a a b b c c, true a b b b c a: of a 1 of 2 predictions is right and 1 of 2 are found,
/// of b 2 of 2 and 2 of 3, of c 1 of 2 and 1 of 1.
private let classes = MetricRow.Samples.classes([
  ([0.5, 0.3, 0.2], 0), ([0.6, 0.4, 0], 1), ([0.1, 0.8, 0.1], 1), ([0.3, 0.4, 0.3], 1),
  ([0.2, 0.2, 0.6], 2), ([0.4, 0.1, 0.5], 0),
])

/// Two right yes, one wrong yes, one missed yes, one right no; one half counts as no.
private let binary = MetricRow.Samples.binary([
  (0.9, 1), (0.51, 1), (0.7, 0), (0.5, 1), (0.1, 0),
])

/// Nothing is predicted to be yes, and nothing is.
private let allNo = MetricRow.Samples.binary([(0.1, 0), (0.2, 0)])

/// Errors of 1, -2, 0 and 3.
private let numbers = MetricRow.Samples.numbers([([2, 1], [1, 3]), ([5, 4], [5, 1])])

let metricRows: [MetricRow] = [
  .init(Accuracy(), classes, 4.0 / 6), .init(Accuracy(), binary, 3.0 / 5),
  .init(Accuracy(), allNo, 1), .init(Accuracy(), .classes([]), .nan),
  .init(Precision(), classes, (1.0 / 2 + 1 + 1.0 / 2) / 3), .init(Precision(), binary, 2.0 / 3),
  .init(Precision(), allNo, 0), .init(Precision(), .classes([]), .nan),
  .init(Recall(), classes, (1.0 / 2 + 2.0 / 3 + 1) / 3), .init(Recall(), binary, 2.0 / 3),
  .init(Recall(), allNo, 0), .init(Recall(), .classes([]), .nan),
  .init(F1(), classes, (1.0 / 2 + 4.0 / 5 + 2.0 / 3) / 3), .init(F1(), binary, 2.0 / 3),
  .init(F1(), allNo, 0), .init(F1(), .classes([]), .nan),
  .init(MeanAbsoluteErrorMetric(), numbers, 1.5),
  .init(MeanAbsoluteErrorMetric(), .numbers([]), .nan),
  .init(MeanSquaredErrorMetric(), numbers, 3.5),
  .init(RootMeanSquaredError(), numbers, 3.5.squareRoot()),
  // Of the first number 1 - 1 / 8, of the second 1 - 13 / 2.
  .init(RSquared(), numbers, (7.0 / 8 - 11.0 / 2) / 2),
  .init(RSquared(), .numbers([([3], [1]), ([3], [5])]), 0),
  .init(RSquared(), .numbers([([3], [1]), ([3], [1])]), .nan),
  .init(RSquared(), .numbers([([3], [1])]), .nan),
]

@Suite struct MetricTests {
  @Test private func `every metric has a row`() {
    #expect(Set(metricRows.map(\.word)) == Set(Catalogue.standard.metrics.words))
  }

  @Test(arguments: metricRows)
  private func `a metric is what one computes by hand`(_ row: MetricRow) {
    #expect(row.metric.fits(row.target))
    var accumulator = row.metric.accumulator(row.target)
    for observation in row.observations { accumulator.add(observation) }
    let value = accumulator.value
    #expect(abs(value - row.figure) < 1e-12 || (value.isNaN && row.figure.isNaN), "\(value)")
  }

  @Test(arguments: metricRows)
  private func `a metric fits either classes or numbers`(_ row: MetricRow) {
    let ofClasses: [TargetType] = [.category(classes: ["a", "b"]), .binary(positive: "a")]
    let ofNumbers: [TargetType] = [.number([1]), .number([2, 3])]
    let isOfNumbers = row.metric.fits(.number([1]))
    for target in ofClasses { #expect(row.metric.fits(target) == !isOfNumbers) }
    for target in ofNumbers { #expect(row.metric.fits(target) == isOfNumbers) }
    #expect(row.metric.isBetterWhenGreater != ["mae", "mse", "rmse"].contains(row.word))
  }

  @Test private func `the first of equally probable classes is predicted`() {
    let observation = Observation(prediction: [0.2, 0.4, 0.4][...], label: 0, truth: [])
    #expect(observation.predictedClass == 1)
    // A slice of a longer row counts from its own start.
    let row: [Float] = [9, 9, 0.1, 0.2, 0.7]
    #expect(Observation(prediction: row[2...], label: 0, truth: []).predictedClass == 2)
  }
}
