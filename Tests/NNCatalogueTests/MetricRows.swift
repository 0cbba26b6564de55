import NNCatalogue
import NNModel
import NNTensor
import Testing

/// A metric over a few samples, with its figure computed by hand.
struct MetricRow: Sendable, CustomTestStringConvertible {
  enum Samples: Sendable {
    /// Probabilities of three classes, and the class.
    case classes([(prediction: [Float], label: Int)])
    /// Probabilities of three classes for each of two positions, and their classes.
    case sequences([(prediction: [Float], labels: [Int32])])
    /// The probability of yes, and whether it is yes.
    case binary([(prediction: Float, truth: Float)])
    /// Numbers, and the true ones.
    case numbers([(prediction: [Float], truth: [Float])])
  }

  let metric: any Metric
  let samples: Samples
  let figure: MetricValue

  init(_ metric: any Metric, _ samples: Samples, _ figure: Double) {
    self.metric = metric
    self.samples = samples
    self.figure = .number(figure)
  }

  init(_ metric: any Metric, _ samples: Samples, classes: [String], _ counts: [[Int]]) {
    self.metric = metric
    self.samples = samples
    figure = .table(CountTable(classes: classes, counts: counts))
  }

  var word: String { type(of: metric).word }
  var testDescription: String { "\(word) is \(figure)" }

  var target: TargetType {
    switch samples {
    case .classes: .category(classes: ["a", "b", "c"])
    case .sequences: .category(classes: ["a", "b", "c"], shape: [2])
    case .binary: .binary(positive: "yes")
    case .numbers(let rows): .number([rows.first?.truth.count ?? 2])
    }
  }

  var observations: [Observation] {
    switch samples {
    case .classes(let rows):
      rows.map { .init(prediction: $0.prediction[...], label: $0.label, truth: []) }
    case .sequences(let rows):
      rows.map { .init(prediction: $0.prediction[...], labels: $0.labels[...]) }
    case .binary(let rows):
      rows.map { .init(prediction: [$0.prediction], label: 0, truth: [$0.truth]) }
    case .numbers(let rows):
      rows.map { .init(prediction: $0.prediction[...], labels: [], truth: $0.truth[...]) }
    }
  }

  func result(_ observations: [Observation]) -> MetricValue {
    var accumulator = metric.accumulator(target)
    for observation in observations { accumulator.add(observation) }
    return accumulator.result
  }
}

/// Predicted a a b b c c, true a b b b c a: of a 1 of 2 predictions is right and 1 of 2 are found,
/// of b 2 of 2 and 2 of 3, of c 1 of 2 and 1 of 1.
private let classes = MetricRow.Samples.classes([
  ([0.5, 0.3, 0.2], 0), ([0.6, 0.4, 0], 1), ([0.1, 0.8, 0.1], 1), ([0.3, 0.4, 0.3], 1),
  ([0.2, 0.2, 0.6], 2), ([0.4, 0.1, 0.5], 0),
])

/// Predicted a a b, true a a a: b has no samples, c is neither there nor predicted.
private let missing = MetricRow.Samples.classes([
  ([0.5, 0.25, 0.25], 0), ([0.5, 0.5, 0], 0), ([0.25, 0.5, 0.25], 0),
])

/// Predicted a c, c; true a (not counted), c a: probabilities a half, a half, a quarter.
private let sequences = MetricRow.Samples.sequences([
  ([0.5, 0.25, 0.25, 0.25, 0.5, 0.25], [0, -1]), ([0.25, 0.25, 0.5, 0.25, 0.25, 0.5], [2, 0]),
])

/// Two right yes, one wrong yes, one missed yes, one right no; one half counts as no.
private let binary = MetricRow.Samples.binary([
  (0.9, 1), (0.51, 1), (0.7, 0), (0.5, 1), (0.1, 0),
])

/// A missed yes and a right no.
private let halves = MetricRow.Samples.binary([(0.5, 1), (0.25, 0)])

/// Nothing is predicted to be yes, and nothing is.
private let allNo = MetricRow.Samples.binary([(0.1, 0), (0.2, 0)])

/// Errors of 1, -2, 0 and 3.
private let numbers = MetricRow.Samples.numbers([([2, 1], [1, 3]), ([5, 4], [5, 1])])

/// The truth rises by 1, 2, 3 and 4; errors of 1, 1, -1, 0 and 2.
private let series = MetricRow.Samples.numbers([
  ([1], [0]), ([2], [1]), ([2], [3]), ([6], [6]), ([12], [10]),
])

private let none = MetricRow.Samples.classes([])
private let noNumbers = MetricRow.Samples.numbers([])

private func averaged<M: Metric>(
  _ metric: M, _ path: WritableKeyPath<M, ClassAverage?>, _ average: ClassAverage
) -> M {
  var metric = metric
  metric[keyPath: path] = average
  return metric
}

private func fBeta(_ beta: Double) -> FBeta {
  var metric = FBeta()
  metric.beta = beta
  return metric
}

private func top(_ k: Int) -> TopKAccuracy {
  var metric = TopKAccuracy()
  metric.k = k
  return metric
}

private func kappa(_ weights: CohenKappa.Weights) -> CohenKappa {
  var metric = CohenKappa()
  metric.weights = weights
  return metric
}

private func calibration(_ bins: Int) -> CalibrationError {
  var metric = CalibrationError()
  metric.bins = bins
  return metric
}

private func season(_ season: Int) -> MeanAbsoluteScaledError {
  var metric = MeanAbsoluteScaledError()
  metric.season = season
  return metric
}

private let ln2 = 0.693_147_180_559_945_3

private let classRows: [MetricRow] = [
  .init(Accuracy(), classes, 4.0 / 6), .init(Accuracy(), binary, 3.0 / 5),
  .init(Accuracy(), allNo, 1), .init(Accuracy(), none, .nan),
  .init(Accuracy(), sequences, 2.0 / 3),
  .init(TokenAccuracy(), sequences, 2.0 / 3),
  .init(BalancedAccuracy(), classes, (1.0 / 2 + 2.0 / 3 + 1) / 3),
  .init(BalancedAccuracy(), missing, 2.0 / 3), .init(BalancedAccuracy(), none, .nan),
  .init(top(1), classes, 4.0 / 6), .init(top(2), classes, 1),
  // The first of equals is taken for the more probable.
  .init(top(1), missing, 2.0 / 3), .init(top(1), none, .nan),
  .init(Precision(), classes, (1.0 / 2 + 1 + 1.0 / 2) / 3), .init(Precision(), binary, 2.0 / 3),
  .init(Precision(), allNo, 0), .init(Precision(), none, .nan),
  // Of a 1, of b 0; c does not occur.
  .init(Precision(), missing, 1.0 / 2),
  .init(averaged(Precision(), \.average, .micro), classes, 4.0 / 6),
  .init(averaged(Precision(), \.average, .weighted), classes, (1 + 3 + 1.0 / 2) / 6),
  .init(averaged(Precision(), \.average, .macro), binary, (2.0 / 3 + 1.0 / 2) / 2),
  .init(averaged(Precision(), \.average, .binary), binary, 2.0 / 3),
  .init(Recall(), classes, (1.0 / 2 + 2.0 / 3 + 1) / 3), .init(Recall(), binary, 2.0 / 3),
  .init(Recall(), allNo, 0), .init(Recall(), none, .nan),
  .init(averaged(Recall(), \.average, .weighted), classes, 4.0 / 6),
  .init(Specificity(), classes, (3.0 / 4 + 1 + 4.0 / 5) / 3), .init(Specificity(), binary, 1.0 / 2),
  .init(averaged(Specificity(), \.average, .micro), classes, 10.0 / 12),
  .init(F1(), classes, (1.0 / 2 + 4.0 / 5 + 2.0 / 3) / 3), .init(F1(), binary, 2.0 / 3),
  .init(F1(), allNo, 0), .init(F1(), none, .nan),
  .init(fBeta(1), classes, (1.0 / 2 + 4.0 / 5 + 2.0 / 3) / 3),
  .init(fBeta(2), classes, (1.0 / 2 + 5.0 / 7 + 5.0 / 6) / 3),
  .init(fBeta(0), classes, (1.0 / 2 + 1 + 1.0 / 2) / 3),
  .init(Jaccard(), classes, (1.0 / 3 + 2.0 / 3 + 1.0 / 2) / 3), .init(Jaccard(), binary, 2.0 / 4),
  // Four of six pairs are ranked right.
  .init(ROCAUC(), binary, 4.0 / 6), .init(ROCAUC(), allNo, .nan), .init(ROCAUC(), missing, .nan),
  .init(PRAUC(), binary, (1 + 2.0 / 3 + 3.0 / 4) / 3), .init(PRAUC(), allNo, 0),
  .init(PRAUC(), missing, 1.0 / 3),
  .init(LogLoss(), sequences, 4 * ln2 / 3), .init(LogLoss(), none, .nan),
  .init(Perplexity(), sequences, 2.519_842_099_789_746_3), .init(Perplexity(), none, .nan),
  // Four bits for three letters.
  .init(BitsPerByte(), sequences, 4.0 / 3), .init(BitsPerByte(), none, .nan),
  .init(BrierScore(), halves, (1.0 / 4 + 1.0 / 16) / 2),
  .init(BrierScore(), missing, (6.0 / 16 + 8.0 / 16 + 14.0 / 16) / 3),
  .init(Matthews(), binary, 1.0 / 6), .init(Matthews(), allNo, 0), .init(Matthews(), none, .nan),
  .init(CohenKappa(), binary, 1.0 / 6), .init(CohenKappa(), allNo, .nan),
  // Misses are off by one class and by two; of six drawn apart 5 are expected, or 7 of squares.
  .init(kappa(.linear), classes, 1 - (1 + 2) / 5.0),
  .init(kappa(.quadratic), classes, 1 - (1 + 4) / 7.0),
  .init(
    ConfusionMatrix(), classes, classes: ["a", "b", "c"], [[1, 0, 1], [1, 2, 0], [0, 0, 1]]),
  .init(ConfusionMatrix(), binary, classes: ["not yes", "yes"], [[1, 1], [1, 2]]),
  .init(
    ConfusionMatrix(), sequences, classes: ["a", "b", "c"], [[1, 0, 1], [0, 0, 0], [0, 0, 1]]),
  // Confident by a half and wrong, by three quarters and right.
  .init(calibration(10), halves, (0.5 + 0.25) / 2), .init(calibration(1), halves, 0.25 / 2),
  .init(calibration(10), none, .nan),
]

private let numberRows: [MetricRow] = [
  .init(MeanAbsoluteErrorMetric(), numbers, 1.5),
  .init(MeanAbsoluteErrorMetric(), noNumbers, .nan),
  .init(MeanSquaredErrorMetric(), numbers, 3.5),
  .init(RootMeanSquaredError(), numbers, 3.5.squareRoot()),
  .init(MeanAbsolutePercentageErrorMetric(), numbers, (1 + 2.0 / 3 + 3) / 4),
  .init(MeanAbsolutePercentageErrorMetric(), .numbers([([0], [0]), ([1], [2])]), 1.0 / 4),
  .init(SymmetricPercentageErrorMetric(), numbers, (2.0 / 3 + 1 + 6.0 / 5) / 4),
  .init(SymmetricPercentageErrorMetric(), .numbers([([0], [0]), ([1], [3])]), 1.0 / 2),
  .init(MeanAbsoluteScaledError(), series, (5.0 / 5) / (10.0 / 4)),
  // Two samples before the truth is lower by 3, 5 and 7.
  .init(season(2), series, (5.0 / 5) / (15.0 / 3)), .init(season(5), series, .nan),
  .init(MeanAbsoluteScaledError(), numbers, (0.5 / 4 + 2.5 / 2) / 2),
  .init(MeanAbsoluteScaledError(), .numbers([([1], [2]), ([3], [2])]), .nan),
  // Of the first number 1 - 1 / 8, of the second 1 - 13 / 2.
  .init(RSquared(), numbers, (7.0 / 8 - 11.0 / 2) / 2),
  .init(RSquared(), .numbers([([3], [1]), ([3], [5])]), 0),
  .init(RSquared(), .numbers([([3], [1]), ([3], [1])]), 0),
  .init(RSquared(), .numbers([([1], [1]), ([1], [1])]), 1),
  .init(RSquared(), .numbers([([3], [1])]), .nan),
  // Of the first number 1 - 1/4 / 4, of the second 1 - 25/4.
  .init(ExplainedVariance(), numbers, (15.0 / 16 - 21.0 / 4) / 2),
  .init(ExplainedVariance(), .numbers([([3], [1]), ([7], [5])]), 1),
  .init(MedianAbsoluteError(), numbers, 1.5), .init(MedianAbsoluteError(), series, 1),
  .init(MedianAbsoluteError(), noNumbers, .nan),
  .init(MaxError(), numbers, 3), .init(MaxError(), noNumbers, .nan),
  .init(QuantileCoverage(), numbers, 3.0 / 4),
  // Both ends are inside, and quantiles may cross.
  .init(QuantileCoverage(), .numbers([([0, 1], [0]), ([3, 1], [2]), ([0, 1], [2])]), 2.0 / 3),
  .init(
    CosineSimilarityMetric(),
    .numbers([([3, 4], [4, 3]), ([1, 0], [0, 2]), ([0, 0], [1, 1])]),
    0.96 / 3),
]

let metricRows = classRows + numberRows
