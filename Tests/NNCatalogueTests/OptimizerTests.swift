import Glibc
import NNCatalogue
import NNGraph
import NNModel
import NNPlan
import NNTestSupport
import Testing

/// An optimizer with the same step written out in double precision for one number.
struct OptimizerRow: Sendable, CustomTestStringConvertible {
  let name: String
  let optimizer: any Optimizer
  /// Of the parameter, its gradient, the state, the number of the step from one, and the rate.
  let step: @Sendable (inout Double, Double, inout [Double], Double, Double) -> Void

  var word: String { type(of: optimizer).word }
  var testDescription: String { name }
}

private func sgd(momentum: Double = 0, nesterov: Bool = false, decay: Double = 0) -> SGD {
  var optimizer = SGD()
  optimizer.lr = 0.1
  optimizer.momentum = momentum
  optimizer.nesterov = nesterov
  optimizer.weightDecay = decay
  return optimizer
}

private func adam(decay: Double) -> Adam {
  var optimizer = Adam()
  optimizer.beta1 = 0.8
  optimizer.beta2 = 0.95
  optimizer.eps = 1e-3
  optimizer.weightDecay = decay
  return optimizer
}

private func adamW(decay: Double) -> AdamW {
  var optimizer = AdamW()
  optimizer.weightDecay = decay
  return optimizer
}

private func rmsProp(momentum: Double) -> RMSProp {
  var optimizer = RMSProp()
  optimizer.alpha = 0.9
  optimizer.momentum = momentum
  optimizer.weightDecay = 0.02
  return optimizer
}

/// The move of Adam after t steps, with its means in `s`.
private func adamMove(
  _ g: Double, _ s: inout [Double], _ t: Double, _ beta1: Double, _ beta2: Double, _ eps: Double
) -> Double {
  s[0] = beta1 * s[0] + (1 - beta1) * g
  s[1] = beta2 * s[1] + (1 - beta2) * g * g
  return s[0] / (1 - pow(beta1, t)) / ((s[1] / (1 - pow(beta2, t))).squareRoot() + eps)
}

let optimizerRows: [OptimizerRow] = [
  .init(name: "sgd", optimizer: sgd()) { w, g, _, _, rate in w -= rate * g },
  .init(name: "sgd with decay", optimizer: sgd(decay: 0.05)) { w, g, _, _, rate in
    w -= rate * (g + 0.05 * w)
  },
  .init(name: "sgd with momentum", optimizer: sgd(momentum: 0.9, decay: 0.05)) { w, g, s, _, rate in
    s[0] = 0.9 * s[0] + g + 0.05 * w
    w -= rate * s[0]
  },
  .init(name: "sgd after nesterov", optimizer: sgd(momentum: 0.8, nesterov: true)) {
    w, g, s, _, rate in
    s[0] = 0.8 * s[0] + g
    w -= rate * (g + 0.8 * s[0])
  },
  .init(name: "adam", optimizer: adam(decay: 0)) { w, g, s, t, rate in
    w -= rate * adamMove(g, &s, t, 0.8, 0.95, 1e-3)
  },
  .init(name: "adam with decay", optimizer: adam(decay: 0.1)) { w, g, s, t, rate in
    w -= rate * adamMove(g + 0.1 * w, &s, t, 0.8, 0.95, 1e-3)
  },
  .init(name: "adamw", optimizer: adamW(decay: 0.1)) { w, g, s, t, rate in
    w *= 1 - rate * 0.1
    w -= rate * adamMove(g, &s, t, 0.9, 0.999, 1e-8)
  },
  .init(name: "rmsprop", optimizer: rmsProp(momentum: 0)) { w, g, s, _, rate in
    let g = g + 0.02 * w
    s[0] = 0.9 * s[0] + 0.1 * g * g
    w -= rate * g / (s[0].squareRoot() + 1e-8)
  },
  .init(name: "rmsprop with momentum", optimizer: rmsProp(momentum: 0.7)) { w, g, s, _, rate in
    let g = g + 0.02 * w
    s[0] = 0.9 * s[0] + 0.1 * g * g
    s[1] = 0.7 * s[1] + g / (s[0].squareRoot() + 1e-8)
    w -= rate * s[1]
  },
]

@Suite struct OptimizerTests {
  @Test private func `every optimizer has a row`() {
    #expect(Set(optimizerRows.map(\.word)) == Set(Catalogue.standard.optimizers.words))
  }

  @Test(arguments: optimizerRows)
  private func `some steps are those written out in double precision`(_ row: OptimizerRow) throws {
    let optimizer = row.optimizer
    let states = optimizer.stateNames.count
    let program = UpdateProgram(
      arrays: 2 + states, scalars: optimizer.scalars(step: 1, rate: 1).count
    ) { arrays, scalars in
      let new = optimizer.update(
        parameter: arrays[0], gradient: arrays[1], state: Array(arrays.dropFirst(2)),
        scalars: scalars)
      return [(0, new.parameter)] + new.state.enumerated().map { ($0 + 2, $1) }
    }
    var expected = [1.0, -0.5, 0, 2]
    var state = [[Double]](repeating: .init(repeating: 0, count: states), count: 4)
    var arrays = [expected.map { Float($0) }, []]
    arrays += [[Float]](repeating: [0, 0, 0, 0], count: states)
    var generator = SeededGenerator(seed: 4)
    for step in 1...6 {
      let gradient = (0..<4).map { _ in generator.number(in: -2...2) }
      let rate = 0.1 / Double(step)
      arrays[1] = gradient.map { Float($0) }
      arrays = try runUpdate(
        program, arrays: arrays,
        scalars: optimizer.scalars(step: step, rate: rate).map { Float($0) })
      for index in expected.indices {
        row.step(&expected[index], gradient[index], &state[index], Double(step), rate)
      }
      #expect(
        difference(arrays[0].map { Double($0) }, expected, tolerance: 2e-6, "step \(step)") == nil)
      #expect(arrays[1] == gradient.map { Float($0) })
    }
  }

  @Test(arguments: optimizerRows)
  private func `a gradient of zero moves nothing that is at rest`(_ row: OptimizerRow) throws {
    let optimizer = row.optimizer
    let states = optimizer.stateNames.count
    let scalars = optimizer.scalars(step: 1, rate: 0.1)
    let program = UpdateProgram(arrays: 2 + states, scalars: scalars.count) { arrays, scalars in
      let new = optimizer.update(
        parameter: arrays[0], gradient: arrays[1], state: Array(arrays.dropFirst(2)),
        scalars: scalars)
      return [(0, new.parameter)] + new.state.enumerated().map { ($0 + 2, $1) }
    }
    let arrays = [[Float]](repeating: [0, 0], count: 2 + states)
    let result = try runUpdate(program, arrays: arrays, scalars: scalars.map { Float($0) })
    #expect(result == arrays)
  }
}
