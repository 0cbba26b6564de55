import Glibc
import NNCatalogue
import NNModel
import NNTensor
import Testing

/// A loss on values of a model and truths, with its formula.
struct LossRow: Sendable, CustomTestStringConvertible {
  let name: String
  let loss: any Loss
  let type: TargetType?
  /// [value][sample][element]
  let values: [[[Double]]]
  /// Of a sample of each value; a vector where not given.
  var shape: Shape?
  /// [sample][element]; the truth of a category is its index. Empty where the loss takes none.
  let truth: [[Double]]
  /// The losses of all samples.
  let formula: @Sendable (_ values: [[[Double]]], _ truth: [[Double]]) -> [Double]
  /// A prediction that makes the loss of a truth least, and that loss.
  var best: (prediction: [Double], truth: [Double], loss: Double)?

  var word: String { Swift.type(of: loss).word }
  var testDescription: String { name }
  var rows: Int { values[0].count }

  /// A loss of one prediction.
  init(
    _ name: String, _ loss: any Loss, _ type: TargetType, _ prediction: [[Double]],
    _ truth: [[Double]], shape: Shape? = nil,
    best: (prediction: [Double], truth: [Double], loss: Double)? = nil,
    each: @escaping @Sendable ([Double], [Double]) -> Double
  ) {
    self.name = name
    self.loss = loss
    self.type = type
    self.shape = shape
    self.best = best
    values = [prediction]
    self.truth = truth
    formula = { values, truth in zip(values[0], truth).map { each($0, $1) } }
  }

  init(
    _ loss: any Loss, _ type: TargetType, _ prediction: [[Double]], _ truth: [[Double]],
    shape: Shape? = nil, best: (prediction: [Double], truth: [Double], loss: Double)? = nil,
    each: @escaping @Sendable ([Double], [Double]) -> Double
  ) {
    let word = Swift.type(of: loss).word
    self.init(word, loss, type, prediction, truth, shape: shape, best: best, each: each)
  }

  /// A loss of several values.
  init(
    _ loss: any Loss, _ type: TargetType?, values: [[[Double]]], _ truth: [[Double]] = [],
    formula: @escaping @Sendable ([[[Double]]], [[Double]]) -> [Double]
  ) {
    name = Swift.type(of: loss).word
    self.loss = loss
    self.type = type
    self.values = values
    self.truth = truth
    self.formula = formula
  }
}

/// Σ a b
private func product(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).map { $0 * $1 }.reduce(0, +)
}

private func mean(
  _ each: @escaping @Sendable (Double, Double) -> Double
) -> @Sendable ([Double], [Double]) -> Double {
  { prediction, truth in
    zip(prediction, truth).reduce(0) { $0 + each($1.0, $1.1) } / Double(prediction.count)
  }
}

private func softmax(_ x: [Double]) -> [Double] {
  let terms = x.map { exp($0 - (x.max() ?? 0)) }
  return terms.map { $0 / terms.reduce(0, +) }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

private func pinball(_ level: Double, _ error: Double) -> Double {
  error > 0 ? level * error : (level - 1) * error
}

/// Of the logarithm of a rate.
private func poisson(_ x: Double, _ count: Double) -> Double { exp(x) - count * x }

private func stirling(_ n: Double) -> Double { n * log(n) - n + 0.5 * log(2 * .pi * n) }

private func shortfall(_ x: [Double], _ right: Int, _ other: Int) -> Double {
  right == other ? 0 : max(0, 1 - x[right] + x[other])
}

private func divergence(_ t: Double, _ p: Double) -> Double { t > 0 ? t * log(t / p) : 0 }

private let pairs = (
  prediction: [[0.5, -1.25], [3, 0.25], [-2, 1]], truth: [[1, 1], [-1.5, 0.5], [-2.5, 0.75]]
)

private let zero = (prediction: [2.0, -1], truth: [2.0, -1], loss: 0.0)

let numberLossRows: [LossRow] = [
  LossRow(
    MeanSquaredError(), .number([2]), pairs.prediction, pairs.truth, best: zero,
    each: mean { ($0 - $1) * ($0 - $1) }),
  LossRow(
    MeanAbsoluteError(), .number([2]), pairs.prediction, pairs.truth, best: zero,
    each: mean { abs($0 - $1) }),
  LossRow(
    RootMeanSquaredErrorLoss(), .number([2]), pairs.prediction, pairs.truth, best: zero,
    each: { mean { ($0 - $1) * ($0 - $1) }($0, $1).squareRoot() }),
  LossRow(
    MeanAbsolutePercentageError(), .number([2]), pairs.prediction, pairs.truth, best: zero,
    each: mean { abs($0 - $1) / abs($1) }),
  LossRow(
    SymmetricPercentageError(), .number([2]), pairs.prediction, pairs.truth, best: zero,
    each: mean { 2 * abs($0 - $1) / (abs($0) + abs($1)) }),
  LossRow(
    with(Huber()) { $0.delta = 0.75 }, .number([2]), pairs.prediction, pairs.truth, best: zero,
    each: mean {
      abs($0 - $1) <= 0.75 ? 0.5 * ($0 - $1) * ($0 - $1) : 0.75 * (abs($0 - $1) - 0.375)
    }),
  LossRow(
    with(SmoothL1()) { $0.beta = 0.75 }, .number([2]), pairs.prediction, pairs.truth, best: zero,
    each: mean {
      abs($0 - $1) <= 0.75 ? 0.5 * ($0 - $1) * ($0 - $1) / 0.75 : abs($0 - $1) - 0.375
    }),
  LossRow(
    LogCosh(), .number([2]), pairs.prediction, pairs.truth, best: nil,
    each: mean { log(cosh($0 - $1)) }),
  LossRow(
    "one quantile", with(QuantileLoss()) { $0.quantiles = Quantiles([0.9]) }, .number([2]),
    pairs.prediction, pairs.truth, best: zero,
    each: mean { pinball(0.9, $1 - $0) }),
  LossRow(
    "three quantiles", with(QuantileLoss()) { $0.quantiles = Quantiles([0.125, 0.5, 0.875]) },
    .number([1]), [[0.5, 1, 2], [-3, 1, 4]], [[1.5], [-0.5]],
    best: ([2, 2, 2], [2], 0),
    each: { x, t in
      (pinball(0.125, t[0] - x[0]) + pinball(0.5, t[0] - x[1]) + pinball(0.875, t[0] - x[2])) / 3
    }),
  LossRow(
    PoissonLoss(), .number([2]), pairs.prediction, [[1, 0], [4, 2], [0, 7]],
    best: ([log(2), log(5)], [2, 5], (poisson(log(2), 2) + poisson(log(5), 5)) / 2),
    each: mean(poisson)),
  LossRow(
    "poisson of rates",
    with(PoissonLoss()) {
      $0.logInput = false
      $0.full = true
    }, .number([2]), [[0.5, 1.25], [3, 0.25]], [[1, 0], [4, 2]],
    each: mean { rate, count in
      rate - count * log(rate + 1e-8) + (count > 1 ? stirling(count) : 0)
    }),
  LossRow(
    GaussianLikelihood(), .number([2]), [[0.5, -1, -1.25, 0.5], [3, 1, 0.25, 0]],
    [[1, 1], [-1.5, 0.5]],
    each: { x, t in
      func one(_ mean: Double, _ s: Double, _ t: Double) -> Double {
        0.5 * (s + (t - mean) * (t - mean) / exp(s))
      }
      return (one(x[0], x[1], t[0]) + one(x[2], x[3], t[1])) / 2
    }),
]

private let yes = TargetType.binary(positive: "yes")
private let scores = (prediction: [[0.5], [-3], [0.25]], truth: [[1.0], [0], [0]])

let binaryLossRows: [LossRow] = [
  LossRow(
    BinaryCrossEntropy(), yes, [[0.5], [-3], [40]], [[1], [0], [1]],
    // With a truth of one quarter the best logit is that of one quarter.
    best: ([-log(3)], [0.25], -0.25 * log(0.25) - 0.75 * log(0.75)),
    each: mean { x, t in t * softplus(-x) + (1 - t) * softplus(x) }),
  LossRow(
    "weighted binary_cross_entropy", with(BinaryCrossEntropy()) { $0.posWeight = 3 }, yes,
    scores.prediction, scores.truth,
    each: mean { x, t in 3 * t * softplus(-x) + (1 - t) * softplus(x) }),
  LossRow(
    "focal of yes and no", with(FocalLoss()) { $0.alpha = 0.3 }, yes, scores.prediction,
    scores.truth,
    each: mean { x, t in
      let right = t > 0 ? sigmoid(x) : 1 - sigmoid(x)
      let weight = t > 0 ? 0.3 : 0.7
      return -weight * (1 - right) * (1 - right) * log(right)
    }),
  LossRow(
    "dice of a mask", DiceLoss(), .number([3]), [[0.5, -1, 2], [0, 1, -3]],
    [[1, 0, 1], [0, 0, 0]],
    each: { x, t in
      let p = x.map(sigmoid)
      let all = p.reduce(0, +) + t.reduce(0, +)
      return 1 - (2 * product(p, t) + 1) / (all + 1)
    }),
  LossRow(
    TverskyLoss(), .number([3]), [[0.5, -1, 2], [0, 1, -3]], [[1, 0, 1], [0, 0, 0]],
    each: { x, t in
      let p = x.map(sigmoid)
      let hit = product(p, t)
      let wrong = p.reduce(0, +) - hit
      let missed = t.reduce(0, +) - hit
      return 1 - (hit + 1) / (hit + 0.3 * wrong + 0.7 * missed + 1)
    }),
  LossRow(
    Hinge(), yes, scores.prediction, scores.truth,
    each: mean { x, t in max(0, 1 - (t > 0 ? x : -x)) }),
  LossRow(
    SquaredHinge(), yes, scores.prediction, scores.truth,
    each: mean { x, t in
      let shortfall = max(0, 1 - (t > 0 ? x : -x))
      return shortfall * shortfall
    }),
]

private let three = TargetType.category(classes: ["a", "b", "c"])
private let threeTimes = TargetType.category(classes: ["a", "b", "c"], shape: [2])
private let classLogits = [[0.5, -1, 2], [3, 3, 3], [-60, 0, 60]]

/// The mean over the places of a sequence that have a class, of a loss of each.
private func counted(
  _ each: @escaping @Sendable ([Double], Int) -> Double
) -> @Sendable ([Double], [Double]) -> Double {
  { x, t in
    let width = x.count / t.count
    let losses = t.indices.filter { t[$0] >= 0 }.map { place in
      each(Array(x[place * width..<(place + 1) * width]), Int(t[place]))
    }
    return losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count)
  }
}

private let sequence = (
  logits: [[0.5, -1, 2, 1, 0, -0.5], [3, 3, 3, 1, 2, 3], [0, 1, 2, 3, 2, 1]],
  truth: [[0.0, 2], [1, -1], [-1, -1]]
)

let categoryLossRows: [LossRow] = [
  LossRow(
    CrossEntropy(), three, classLogits, [[0], [2], [1]],
    best: ([0, 5, 0], [1], log1p(2 * exp(-5))),
    each: { x, t in log(x.reduce(0) { $0 + exp($1) }) - x[Int(t[0])] }),
  LossRow(
    "cross_entropy of a sequence",
    with(CrossEntropy()) {
      $0.classWeights = ClassWeights(["b": 2])
      $0.labelSmoothing = 0.1
    }, threeTimes, sequence.logits, sequence.truth, shape: [2, 3],
    each: counted { x, c in
      let logs = softmax(x).map { log($0) }
      let weights = [1.0, 2, 1]
      let own = -weights[c] * logs[c]
      return 0.9 * own - 0.1 / 3 * product(weights, logs)
    }),
  LossRow(
    with(FocalLoss()) { $0.classWeights = ClassWeights([1, 3, 2]) }, three,
    [[0.5, -1, 2], [3, 3, 3], [-1, 0, 1]], [[0], [2], [1]],
    each: { x, t in
      let p = softmax(x)[Int(t[0])]
      let weight = [1.0, 3, 2][Int(t[0])]
      return -weight * (1 - p) * (1 - p) * log(p)
    }),
  LossRow(
    DiceLoss(), threeTimes, sequence.logits, sequence.truth, shape: [2, 3],
    each: { x, t in
      let rows = [softmax(Array(x[..<3])), softmax(Array(x[3...]))]
      return (0..<3).reduce(0.0) { sum, c in
        var (hit, all) = (0.0, 0.0)
        for (place, p) in rows.enumerated() where t[place] >= 0 {
          let isClass = Int(t[place]) == c ? 1.0 : 0
          hit += p[c] * isClass
          all += p[c] + isClass
        }
        return sum + (1 - (2 * hit + 1) / (all + 1)) / 3
      }
    }),
  LossRow(
    CategoricalHinge(), threeTimes, sequence.logits, sequence.truth, shape: [2, 3],
    each: counted { x, c in (shortfall(x, c, 0) + shortfall(x, c, 1) + shortfall(x, c, 2)) / 3 }),
  LossRow(
    KLDivergence(), .number([3]), [[0.5, -1, 2], [3, 3, 3]], [[0.5, 0.25, 0.25], [0, 1, 0]],
    best: ([log(0.5), log(0.3), log(0.2)], [0.5, 0.3, 0.2], 0),
    each: { x, t in zip(t, softmax(x)).map { divergence($0, $1) }.reduce(0, +) }),
  LossRow(
    Ordinal(), three, [[0.5, -1], [2, 0.25], [-1, 1]], [[0], [1], [2]],
    each: { x, t in
      let pass = x.map(sigmoid)
      let classes = [1 - pass[0], pass[0] * (1 - pass[1]), pass[0] * pass[1]]
      return -log(classes[Int(t[0])])
    }),
  LossRow(
    CTCLoss(), .category(classes: ["a", "b"], shape: [2]),
    [
      [0.5, -1, 2, 1, 0, -0.5, 0, 1, 0.5], [0, 1, 2, 2, 1, 0, 1, 1, 1],
      [0, 1, 2, 2, 1, 0, 1, 1, 1],
    ],
    [[0, 1], [1, -1], [0, 0]], shape: [3, 3],
    // All ways to spell ab, b and aa in three times: a a needs a blank between.
    each: { x, t in
      let p = (0..<3).map { softmax(Array(x[$0 * 3..<($0 + 1) * 3])) }
      let ways: [[Int]] =
        switch t {
        case [0, 1]: [[1, 2, 0], [1, 0, 2], [0, 1, 2], [1, 1, 2], [1, 2, 2]]
        case [1, -1]: [[2, 0, 0], [0, 2, 0], [0, 0, 2], [2, 2, 0], [0, 2, 2], [2, 2, 2]]
        default: [[1, 0, 1]]
        }
      return -log(ways.map { p[0][$0[0]] * p[1][$0[1]] * p[2][$0[2]] }.reduce(0, +))
    }),
]

private let left = [[0.5, -1.0], [2, 0.25], [-0.5, 1]]
private let right = [[0.75, -0.5], [-1, 0.5], [-0.25, 0.75]]
private let other = [[-1.0, 0.5], [1.5, 0.5], [0.25, -1]]

private func distance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
}

private func cosine(_ a: [Double], _ b: [Double]) -> Double {
  product(a, b) / distance(a, [0, 0]) / distance(b, [0, 0])
}

let embeddingLossRows: [LossRow] = [
  LossRow(
    CosineEmbedding(), yes, values: [left, right], [[1], [0], [0]],
    formula: { values, truth in
      truth.indices.map { row in
        let cosine = cosine(values[0][row], values[1][row])
        return truth[row][0] > 0 ? 1 - cosine : max(0, cosine)
      }
    }),
  LossRow(
    with(Contrastive()) { $0.margin = 2 }, yes, values: [left, right], [[1], [0], [0]],
    formula: { values, truth in
      truth.indices.map { row in
        let distance = distance(values[0][row], values[1][row])
        let apart = max(0, 2 - distance)
        return 0.5 * (truth[row][0] > 0 ? distance * distance : apart * apart)
      }
    }),
  LossRow(
    Triplet(), nil, values: [left, right, other],
    formula: { values, _ in
      values[0].indices.map { row in
        let like = distance(values[0][row].map { $0 + 1e-6 }, values[1][row])
        return max(0, like - distance(values[0][row].map { $0 + 1e-6 }, values[2][row]) + 1)
      }
    }),
  LossRow(
    NTXent(), nil, values: [left, right],
    formula: { values, _ in
      let all = values[0] + values[1]
      let rows = values[0].count
      func one(_ i: Int) -> Double {
        let terms = all.indices.map { $0 == i ? 0 : exp(2 * cosine(all[i], all[$0])) }
        return -log(terms[(i + rows) % all.count] / terms.reduce(0, +))
      }
      return (0..<rows).map { (one($0) + one($0 + rows)) / 2 }
    }),
]

let lossRows = numberLossRows + binaryLossRows + categoryLossRows + embeddingLossRows
