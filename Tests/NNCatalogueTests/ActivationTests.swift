import Glibc
import NNCatalogue
import NNGraph
import NNModel
import NNPlan
import NNTensor
import NNTestSupport
import Testing

/// An activation with its formula over a whole vector.
struct ActivationRow: Sendable, CustomTestStringConvertible {
  let activation: any Activation
  let formula: @Sendable ([Double]) -> [Double]
  /// Where there is no slope, besides zero.
  let kinks: [Double]
  /// What is asked for.
  let range: ClosedRange<Double>

  init(
    _ activation: any Activation, kinks: [Double] = [], in range: ClosedRange<Double> = -100...100,
    each: @escaping @Sendable (Double) -> Double
  ) {
    self.activation = activation
    self.kinks = kinks
    self.range = range
    formula = { $0.map(each) }
  }

  /// For functions of all of a vector, whose numbers far apart would hide each other.
  init(
    ofVectors activation: any Activation, in range: ClosedRange<Double> = -5...5,
    _ formula: @escaping @Sendable ([Double]) -> [Double]
  ) {
    self.activation = activation
    self.range = range
    self.formula = formula
    kinks = []
  }

  var points: [Double] {
    let all = [
      -100, -30, -8, -3.5, -1.25, -0.5, -0.4, -0.0625, 0.0625, 0.5, 0.6, 1.5, 2.75, 4, 9, 30, 88,
      100,
    ].filter { range.contains($0) && !kinks.contains($0) }
    return usable(all)
  }

  /// As many as the activation takes.
  func usable(_ points: [Double]) -> [Double] {
    activation is GLU ? Array(points.prefix(points.count / 2 * 2)) : points
  }

  var word: String { type(of: activation).word }
  var testDescription: String { word }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

private func hardSigmoid(_ x: Double) -> Double { min(max(x / 6 + 0.5, 0), 1) }

private func selu(_ x: Double) -> Double {
  1.050_700_987_355_480_5 * (x > 0 ? x : 1.673_263_242_354_377_2 * expm1(x))
}

private func logSoftmax(_ x: [Double]) -> [Double] {
  let largest = x.max() ?? 0
  let total = x.reduce(0) { $0 + exp($1 - largest) }
  return x.map { $0 - largest - log(total) }
}

/// The threshold by bisection.
private func sparsemax(_ x: [Double]) -> [Double] {
  var (low, high) = ((x.min() ?? 0) - 1, x.max() ?? 0)
  for _ in 0..<200 {
    let middle = (low + high) / 2
    if x.reduce(0, { $0 + max($1 - middle, 0) }) > 1 { low = middle } else { high = middle }
  }
  return x.map { max($0 - low, 0) }
}

private let rectifierRows: [ActivationRow] = [
  .init(Identity()) { $0 },
  .init(ReLU()) { max($0, 0) },
  .init(ReLU6()) { min(max($0, 0), 6) },
  .init(LeakyReLU()) { $0 > 0 ? $0 : Double(Float(0.01)) * $0 },
  .init(with(LeakyReLU()) { $0.slope = 0.25 }) { $0 > 0 ? $0 : 0.25 * $0 },
  .init(PReLU()) { $0 > 0 ? $0 : 0.25 * $0 },
  .init(with(PReLU()) { $0.perChannel = true }) { $0 > 0 ? $0 : 0.25 * $0 },
  .init(RReLU()) { $0 > 0 ? $0 : 11.0 / 48 * $0 },
  .init(SquaredReLU()) { max($0, 0) * max($0, 0) },
  .init(ELU()) { $0 > 0 ? $0 : expm1($0) },
  .init(with(ELU()) { $0.alpha = 0.5 }) { $0 > 0 ? $0 : 0.5 * expm1($0) },
  .init(SELU(), each: selu),
  .init(CELU()) { $0 > 0 ? $0 : expm1($0) },
  .init(with(CELU()) { $0.alpha = 0.5 }) { $0 > 0 ? $0 : 0.5 * expm1(2 * $0) },
  .init(with(CELU()) { $0.alpha = 1e-6 }) { $0 > 0 ? $0 : 1e-6 * expm1(1e6 * $0) },
  .init(GELU()) { 0.5 * $0 * erfc(-$0 * 0.5.squareRoot()) },
  .init(with(GELU()) { $0.approximate = .tanh }) { x in
    let inner: Double = x + 0.044715 * x * x * x
    return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * inner))
  },
  .init(SiLU()) { (x: Double) -> Double in x / (1 + exp(-x)) },
  .init(Mish()) { $0 * tanh(softplus($0)) },
  .init(HardSiLU()) { $0 * hardSigmoid($0) },
  .init(Softplus(), each: softplus),
  // A threshold that is passed early cuts a step.
  .init(with(Softplus()) { ($0.beta, $0.threshold) = (2, 1) }, kinks: [0.5]) {
    2 * $0 > 1 ? $0 : softplus(2 * $0) / 2
  },
]

private let boundedRows: [ActivationRow] = [
  .init(Sigmoid(), each: sigmoid),
  .init(HardSigmoid(), each: hardSigmoid),
  .init(LogSigmoid()) { -softplus(-$0) },
  .init(Tanh()) { tanh($0) },
  .init(HardTanh()) { min(max($0, -1), 1) },
  .init(with(HardTanh()) { ($0.lower, $0.upper) = (0.25, 2) }) { min(max($0, 0.25), 2) },
  .init(TanhShrink()) { $0 - tanh($0) },
  .init(Softsign()) { $0 / (1 + abs($0)) },
  .init(Softshrink(), kinks: [-0.5, 0.5]) { $0 > 0.5 ? $0 - 0.5 : min($0 + 0.5, 0) },
  .init(with(Softshrink()) { $0.limit = 1 }) { $0 > 1 ? $0 - 1 : min($0 + 1, 0) },
  .init(HardShrink(), kinks: [-0.5, 0.5]) { abs($0) > 0.5 ? $0 : 0 },
  .init(with(ThresholdActivation()) { ($0.threshold, $0.value) = (1, -2) }) { $0 > 1 ? $0 : -2 },
  .init(Exponential(), in: -100...9) { exp($0) },
  .init(Sine()) { sin($0) },
]

private let vectorRows: [ActivationRow] = [
  .init(ofVectors: SoftmaxActivation()) { logSoftmax($0).map { exp($0) } },
  .init(ofVectors: LogSoftmaxActivation(), logSoftmax),
  .init(ofVectors: SparsemaxActivation(), in: -0.5...0.5, sparsemax),
  .init(ofVectors: SparsemaxActivation(), sparsemax),
  .init(ofVectors: GLU()) { x in
    (0..<x.count / 2).map { x[$0] * sigmoid(x[x.count / 2 + $0]) }
  },
]

let activationRows = rectifierRows + boundedRows + vectorRows

@Suite struct ActivationTests {
  /// The activation of a vector that is a parameter, in a batch.
  private static func graph(
    _ row: ActivationRow, _ points: [Double]
  ) throws -> (test: GraphCase, y: Value) {
    // What is random in training has one formula afterwards.
    var g = GraphBuilder(isTraining: !(row.activation is RReLU))
    let shape: Shape = [points.count]
    let p = g.testParameter("p", shape)
    let x = g.make(Broadcast(to: shape, axes: [0]), p)
    var b = LayerBuilder(g: g, path: "it")
    let y = try row.activation.lower(x, &b)
    g = b.g
    #expect(g.shape(y).count == row.formula(points).count)
    var test = g.ended(by: y, rows: 1)
    for parameter in g.graph.parameters where parameter.name.hasPrefix("it.") {
      #expect(parameter.name == "it.activation.weight")
      let count = g.shape(parameter.value).count
      test.data[parameter.value] = [Double](repeating: 0.25, count: count)
    }
    test.data[p] = points
    return (test, y)
  }

  @Test private func `every activation has a row`() {
    #expect(Set(activationRows.map(\.word)) == Set(Catalogue.standard.activations.words))
  }

  @Test(arguments: activationRows)
  private func `an activation is its formula`(_ row: ActivationRow) throws {
    let (test, y) = try ActivationTests.graph(row, row.points)
    let expected = row.formula(row.points)
    let actual = try #require(evaluateReference(test)[y]).values
    let computed = try execute(test.differentiated, shardRows: 1).outputs[0]
    for (index, e) in expected.enumerated() {
      let point = row.points[index]
      // Constants of formulas are f32.
      let error = abs(actual[index] - e) / max(abs(e), 1)
      #expect(error <= 1e-7, "at \(point)")
      let rounding = abs(Double(computed[index]) - e) / max(abs(e), 0.1)
      #expect(rounding <= 2e-6, "in f32 at \(point)")
    }
  }

  @Test(arguments: activationRows)
  private func `its gradient is the slope of finite differences`(_ row: ActivationRow) throws {
    let (test, _) = try ActivationTests.graph(row, row.points)
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test, tolerance: 1e-5) == [])
  }

  @Test(arguments: activationRows)
  private func `neither large nor small numbers give what is none`(_ row: ActivationRow) throws {
    // Powers of e end at about 88.7.
    let largest: Double = row.activation is Exponential ? 88 : 100
    let points = row.usable(
      ([-0.0, 0.0, 1e-38, -1e-38, 1e-45, 88.7, -88.7, 99.9] + (-100...100).map { Double($0) })
        .filter { $0 <= largest })
    let (test, _) = try ActivationTests.graph(row, points)
    let result = try execute(test.differentiated, shardRows: 1)
    let gradient = try #require(result.gradients["p"])
    for (index, point) in points.enumerated() {
      if index < result.outputs[0].count {
        #expect(result.outputs[0][index].isFinite, "at \(point)")
      }
      #expect(gradient[index].isFinite, "the gradient at \(point)")
    }
  }

  @Test private func `a random slope is between its bounds in training, and as spread`() throws {
    var b = LayerBuilder(g: GraphBuilder(isTraining: true), path: "it", seed: 3)
    let shape: Shape = [4000]
    let p = b.g.testParameter("p", shape)
    let x = b.g.make(Broadcast(to: shape, axes: [0]), p)
    let y = try with(RReLU()) { ($0.lower, $0.upper) = (0.25, 0.75) }.lower(x, &b)
    var test = b.g.ended(by: y, rows: 1)
    test.data[p] = [Double](repeating: -1, count: 4000)
    let slopes = try execute(test.differentiated, shardRows: 1).outputs[0].map { -Double($0) }
    #expect(slopes.allSatisfy { (0.25...0.75).contains($0) })
    let mean = slopes.reduce(0, +) / 4000
    let variance = slopes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    // Five standard errors.
    #expect(abs(mean - 0.5) < 0.012 && abs(variance - 1.0 / 48) < 0.0015)
    #expect(checkKernels(test, tolerance: 1e-5) == [])
  }

  @Test(arguments: [
    ("{hard_tanh: {lower: 1, upper: 1}}", "'hard_tanh' goes from 1 to 1, which is not upwards"),
    (
      "{rrelu: {lower: 0.5, upper: 0.1}}",
      "the slopes of 'rrelu' go from 0.5 to 0.1, which is not upwards"
    ),
    ("{glu: {axis: 1}}", "'glu' means axis 1, and [3] has one"),
    ("glu", "'glu' halves the 3 features of [3], which is an odd number"),
  ])
  private func `limits and sizes that do not fit are told`(_ text: String, _ message: String) {
    let lowering = lower(
      ["{dense: {units: 3, activation: \(text)}}", "dense: 1"], input: [4], target: .number([1]))
    #expect(lowering.problems == [message])
  }
}
