import Glibc
import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

/// An optimizer over whole tensors with the same step written out in loops.
struct TensorOptimizerRow: Sendable, CustomTestStringConvertible {
  let name: String
  let optimizer: any Optimizer & TensorFormula
  let shape: Shape
  /// Of the parameter, its gradient, what was kept from step to step, the number of the step from
  /// one, and the rate.
  let step: @Sendable (inout [Double], [Double], inout [[Double]], Double, Double) -> Void

  var word: String { type(of: optimizer).word }
  var testDescription: String { name }
}

private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
private func dot(_ x: [Double], _ y: [Double]) -> Double {
  zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
}

private func lars() -> Lars {
  var lars = Lars()
  lars.lr = 0.1
  lars.trust = 0.02
  lars.weightDecay = 0.1
  return lars
}

private func lamb() -> Lamb {
  var lamb = Lamb()
  lamb.weightDecay = 0.1
  return lamb
}

private func lbfgs() -> LBFGS {
  var lbfgs = LBFGS()
  lbfgs.history = 2
  return lbfgs
}

let tensorOptimizerRows: [TensorOptimizerRow] = [
  .init(name: "lamb", optimizer: lamb(), shape: [2, 3]) { w, g, s, t, rate in
    if t == 1 { s = [[Double]](repeating: g.map { _ in 0 }, count: 2) }
    s[0] = zip(s[0], g).map { 0.9 * $0 + 0.1 * $1 }
    s[1] = zip(s[1], g).map { 0.999 * $0 + 0.001 * $1 * $1 }
    let direction = w.indices.map {
      s[0][$0] / (1 - pow(0.9, t)) / ((s[1][$0] / (1 - pow(0.999, t))).squareRoot() + 1e-6)
        + 0.1 * w[$0]
    }
    let ratio = norm(w) / norm(direction)
    w = zip(w, direction).map { $0 - rate * ratio * $1 }
  },
  .init(name: "lars", optimizer: lars(), shape: [4]) { w, g, s, t, rate in
    if t == 1 { s = [g.map { _ in 0 }] }
    let local = 0.02 * norm(w) / (norm(g) + 0.1 * norm(w) + 1e-8)
    s[0] = w.indices.map { 0.9 * s[0][$0] + rate * local * (g[$0] + 0.1 * w[$0]) }
    w = zip(w, s[0]).map { $0 - $1 }
  },
  .init(name: "adafactor of a vector", optimizer: Adafactor(), shape: [3]) { w, g, s, t, rate in
    if t == 1 { s = [g.map { _ in 0 }] }
    let share = pow(t, -0.8)
    s[0] = zip(s[0], g).map { $0 + share * ($1 * $1 - $0) }
    let u = zip(g, s[0]).map { $0 / $1.squareRoot() }
    let size = max(1e-3, norm(w) / 3.0.squareRoot()) * min(rate, 1 / t.squareRoot())
    let length = max(1, norm(u) / 3.0.squareRoot())
    w = zip(w, u).map { $0 - size / length * $1 }
  },
  .init(name: "adafactor of filters", optimizer: Adafactor(), shape: [2, 2, 3]) {
    w, g, s, t, rate in
    if t == 1 { s = [[0, 0, 0, 0], [0, 0, 0, 0, 0, 0]] }
    let share = pow(t, -0.8)
    for line in 0..<4 {
      let mean = (0..<3).reduce(0) { $0 + g[line * 3 + $1] * g[line * 3 + $1] } / 3
      s[0][line] += share * (mean - s[0][line])
    }
    for matrix in 0..<2 {
      for column in 0..<3 {
        let (a, b) = (g[matrix * 6 + column], g[matrix * 6 + 3 + column])
        s[1][matrix * 3 + column] += share * ((a * a + b * b) / 2 - s[1][matrix * 3 + column])
      }
    }
    let u = g.indices.map { index in
      let (matrix, row, column) = (index / 6, index / 3, index % 3)
      let mean = (s[0][matrix * 2] + s[0][matrix * 2 + 1]) / 2
      return g[index] / (s[0][row] * s[1][matrix * 3 + column] / mean).squareRoot()
    }
    let size = max(1e-3, norm(w) / 12.0.squareRoot()) * min(rate, 1 / t.squareRoot())
    let length = max(1, norm(u) / 12.0.squareRoot())
    w = zip(w, u).map { $0 - size / length * $1 }
  },
  // A matrix of one row has one singular value, its norm.
  .init(name: "muon", optimizer: Muon(), shape: [1, 4]) { w, g, s, t, rate in
    if t == 1 { s = [g.map { _ in 0 }] }
    s[0] = zip(s[0], g).map { 0.95 * $0 + 0.05 * $1 }
    let direction = zip(g, s[0]).map { $0 + 0.95 * ($1 - $0) }
    var value = 1.0
    for _ in 0..<5 { value = 3.4445 * value - 4.775 * pow(value, 3) + 2.0315 * pow(value, 5) }
    w = zip(w, direction).map { (1 - 0.1 * rate) * $0 - rate * value / norm(direction) * $1 }
  },
  .init(name: "muon of a column", optimizer: Muon(), shape: [4, 1]) { w, g, s, t, rate in
    if t == 1 { s = [g.map { _ in 0 }] }
    s[0] = zip(s[0], g).map { 0.95 * $0 + 0.05 * $1 }
    let direction = zip(g, s[0]).map { $0 + 0.95 * ($1 - $0) }
    var value = 1.0
    for _ in 0..<5 { value = 3.4445 * value - 4.775 * pow(value, 3) + 2.0315 * pow(value, 5) }
    w = zip(w, direction).map { (1 - 0.1 * rate) * $0 - 2 * rate * value / norm(direction) * $1 }
  },
  // Kept: the last gradient, the last move, then pairs of change and move, two at most.
  .init(name: "lbfgs", optimizer: lbfgs(), shape: [3]) { w, g, s, t, rate in
    if t > 1 {
      let change = zip(g, s[0]).map { $0 - $1 }
      if dot(change, s[1]) > 1e-10 { s += [change, s[1]] }
      if s.count > 6 { s.removeSubrange(2..<4) }
    } else {
      s = [g, g]
    }
    let pairs = stride(from: 2, to: s.count, by: 2).map { (change: s[$0], move: s[$0 + 1]) }
    var direction = g.map { -$0 }
    var shares: [Double] = []
    for pair in pairs.reversed() {
      shares.insert(dot(pair.move, direction) / dot(pair.change, pair.move), at: 0)
      direction = zip(direction, pair.change).map { $0 - shares[0] * $1 }
    }
    if let last = pairs.last {
      let scale = dot(last.change, last.move) / dot(last.change, last.change)
      direction = direction.map { $0 * scale }
    }
    for (pair, share) in zip(pairs, shares) {
      let rest = share - dot(pair.change, direction) / dot(pair.change, pair.move)
      direction = zip(direction, pair.move).map { $0 + rest * $1 }
    }
    let size = t > 1 ? rate : min(1, 1 / g.reduce(0) { $0 + abs($1) }) * rate
    s[0] = g
    s[1] = direction.map { size * $0 }
    if dot(g, direction) <= -1e-9 { w = zip(w, s[1]).map { $0 + $1 } }
  },
]

@Suite struct TensorOptimizerTests {
  @Test(arguments: tensorOptimizerRows)
  private func `some steps are those written out in loops`(_ row: TensorOptimizerRow) throws {
    var generator = SeededGenerator(seed: 8)
    let count = row.shape.count
    var expected = (0..<count).map { _ in generator.number(in: -1...1) }
    var kept: [[Double]] = []
    var run = TensorRun(row.optimizer, row.shape, expected)
    for step in 1...6 {
      // A bowl, each way of another steepness, with some noise.
      let gradient = expected.enumerated().map {
        Double($0 + 1) * $1 + generator.number(in: -0.3...0.3)
      }
      let rate = 0.1 / Double(step)
      row.step(&expected, gradient, &kept, Double(step), rate)
      try run.step(gradient, rate: rate)
      #expect(difference(run.parameter, expected, tolerance: 4e-6, "step \(step)") == nil)
    }
  }

  @Test(arguments: tensorOptimizerRows)
  private func `a parameter and a gradient of zero stay`(_ row: TensorOptimizerRow) throws {
    let zeros = [Double](repeating: 0, count: row.shape.count)
    var run = TensorRun(row.optimizer, row.shape, zeros)
    try run.step(zeros, rate: 0.1)
    #expect(run.parameter == zeros)
    #expect(run.states.allSatisfy { $0.allSatisfy(\.isFinite) })
  }

  @Test private func `lbfgs rests where no gradient is above its tolerance`() throws {
    var run = TensorRun(lbfgs(), [2], [1, 2])
    try run.step([0.5, -0.5], rate: 0.1)
    let (parameter, states) = (run.parameter, run.states)
    try run.step([1e-8, -1e-8], rate: 0.1)
    #expect(run.parameter == parameter && run.states == states)
  }
}

/// Steps of a formula on the reference of its graph, in double precision.
private struct TensorRun {
  private let optimizer: any Optimizer & TensorFormula
  private let shape: Shape
  private(set) var parameter: [Double]
  private(set) var states: [[Double]]
  private var memory: [Double]
  private var count = 0

  init(_ optimizer: any Optimizer & TensorFormula, _ shape: Shape, _ parameter: [Double]) {
    self.optimizer = optimizer
    self.shape = shape
    self.parameter = parameter
    memory = optimizer.memory
    states = optimizer.states(for: shape).map { state in
      guard case .filled(let value) = state.beginning else { return parameter }
      return [Double](repeating: Double(value), count: (state.shape ?? shape).count)
    }
  }

  mutating func step(_ gradient: [Double], rate: Double) throws {
    count += 1
    var now = optimizer.hyperparameters
    now.rate = rate
    let numbers = optimizer.scalars(step: count, now, memory: &memory)
    var g = GraphBuilder(isTraining: true)
    let w = g.testParameter("parameter", shape)
    let slope = g.testParameter("gradient", shape)
    let kept = optimizer.states(for: shape).map { g.testParameter($0.name, $0.shape ?? shape) }
    let scalars = numbers.indices.map { g.testParameter("scalar \($0)", .scalar) }
    let new = optimizer.update(
      parameter: w, gradient: slope, state: kept, scalars: scalars, &g)
    #expect(
      g.shape(new.parameter) == shape && new.state.map { g.shape($0) } == kept.map { g.shape($0) })
    var data = [w: parameter, slope: gradient]
    for (value, state) in zip(kept, states) { data[value] = state }
    for (value, number) in zip(scalars, numbers) { data[value] = [number] }
    let values = evaluateReference(GraphCase(graph: g.graph, loss: nil, rows: 1, data: data))
    parameter = try #require(values[new.parameter]?.values)
    states = try new.state.map { try #require(values[$0]?.values) }
  }
}
