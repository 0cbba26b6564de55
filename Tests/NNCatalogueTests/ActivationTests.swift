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

  init(_ activation: any Activation, each: @escaping @Sendable (Double) -> Double) {
    self.activation = activation
    formula = { $0.map(each) }
  }

  /// For functions of all of a vector.
  init(ofVectors activation: any Activation, _ formula: @escaping @Sendable ([Double]) -> [Double])
  {
    self.activation = activation
    self.formula = formula
  }

  /// Shares of numbers far apart would be one and zeros.
  var points: [Double] {
    let all = [-100, -30, -8, -3, -1.25, -0.5, -0.0625, 0.0625, 0.5, 1.5, 4, 9, 30, 88, 100]
    return activation is SoftmaxActivation ? all.filter { abs($0) < 5 } : all
  }

  var word: String { type(of: activation).word }
  var testDescription: String { word }
}

let activationRows: [ActivationRow] = [
  .init(Identity()) { $0 },
  .init(ReLU()) { max($0, 0) },
  .init(LeakyReLU()) { $0 > 0 ? $0 : Double(Float(0.01)) * $0 },
  .init(with(LeakyReLU()) { $0.slope = 0.25 }) { $0 > 0 ? $0 : 0.25 * $0 },
  .init(Sigmoid()) { 1 / (1 + exp(-$0)) },
  .init(Tanh()) { tanh($0) },
  .init(GELU()) { 0.5 * $0 * erfc(-$0 * 0.5.squareRoot()) },
  .init(with(GELU()) { $0.approximate = .tanh }) { x in
    let inner: Double = x + 0.044715 * x * x * x
    return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * inner))
  },
  .init(SiLU()) { (x: Double) -> Double in x / (1 + exp(-x)) },
  .init(Softplus()) { (x: Double) -> Double in max(x, 0) + log1p(exp(-abs(x))) },
  .init(ELU()) { $0 > 0 ? $0 : expm1($0) },
  .init(with(ELU()) { $0.alpha = 0.5 }) { $0 > 0 ? $0 : 0.5 * expm1($0) },
  .init(ofVectors: SoftmaxActivation()) { x in
    let largest = x.max() ?? 0
    let total = x.reduce(0) { $0 + exp($1 - largest) }
    return x.map { exp($0 - largest) / total }
  },
]

@Suite struct ActivationTests {
  /// The activation of a vector that is a parameter, in a batch.
  private static func graph(
    _ row: ActivationRow, _ points: [Double]
  ) throws -> (test: GraphCase, y: Value) {
    var g = GraphBuilder(isTraining: true)
    let shape: Shape = [points.count]
    let p = g.testParameter("p", shape)
    let x = g.make(Broadcast(to: shape, axes: [0]), p)
    var b = LayerBuilder(g: g, path: "it")
    let y = try row.activation.lower(x, &b)
    g = b.g
    #expect(g.shape(y) == shape)
    var test = g.ended(by: y, rows: 1)
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
    let points =
      [-0.0, 0.0, 1e-38, -1e-38, 1e-45, 88.7, -88.7, 99.9] + (-100...100).map { Double($0) }
    let (test, _) = try ActivationTests.graph(row, points)
    let result = try execute(test.differentiated, shardRows: 1)
    let gradient = try #require(result.gradients["p"])
    for (index, point) in points.enumerated() {
      #expect(result.outputs[0][index].isFinite, "at \(point)")
      #expect(gradient[index].isFinite, "the gradient at \(point)")
    }
  }
}
