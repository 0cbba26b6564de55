import NNCatalogue
import NNGraph
import NNModel
import NNPlan
import NNTestSupport
import Testing

@Suite struct OptimizerTests {
  @Test private func `every optimizer has a row`() {
    #expect(
      Set(optimizerRows.map(\.word) + tensorOptimizerRows.map(\.word))
        == Set(Catalogue.standard.optimizers.words))
  }

  @Test(arguments: optimizerRows)
  private func `some steps are those written out in double precision`(_ row: OptimizerRow) throws {
    let optimizer = row.optimizer
    var expected = [1.0, -0.5, 0, 2]
    let beginnings = optimizer.states.map { state in
      switch state.beginning {
      case .filled(let value): [Float](repeating: value, count: 4)
      case .parameter: expected.map { Float($0) }
      }
    }
    // What the formula written out keeps besides begins with zeros.
    var states = (0..<4).map { index in beginnings.map { Double($0[index]) } + [0, 0, 0] }
    var arrays = [expected.map { Float($0) }, []] + beginnings
    var memory = optimizer.memory
    let program = program(of: optimizer)
    var generator = SeededGenerator(seed: 4)
    for step in 1...6 {
      let gradient = (0..<4).map { _ in generator.number(in: -2...2) }
      let rate = 0.1 / Double(step)
      arrays[1] = gradient.map { Float($0) }
      var now = optimizer.hyperparameters
      now.rate = rate
      let scalars = optimizer.scalars(step: step, now, memory: &memory).map { Float($0) }
      arrays = try runUpdate(program, arrays: arrays, scalars: scalars)
      for index in expected.indices {
        row.step(&expected[index], gradient[index], &states[index], Double(step), rate)
      }
      #expect(
        difference(arrays[0].map { Double($0) }, expected, tolerance: 4e-6, "step \(step)") == nil)
      #expect(arrays[1] == gradient.map { Float($0) })
    }
  }

  @Test(arguments: optimizerRows)
  private func `a gradient of zero moves nothing that is at rest`(_ row: OptimizerRow) throws {
    let optimizer = row.optimizer
    var memory = optimizer.memory
    let scalars = optimizer.scalars(step: 1, optimizer.hyperparameters, memory: &memory)
    let arrays = [[Float]](repeating: [0, 0], count: 2 + optimizer.states.count)
    let program = program(of: optimizer)
    let result = try runUpdate(program, arrays: arrays, scalars: scalars.map { Float($0) })
    #expect(result[0] == [0, 0])
  }

  /// Schedules change what an optimizer says can change, and nothing else.
  @Test(arguments: Catalogue.standard.optimizers.words)
  private func `a schedule changes the numbers of a step`(_ word: String) throws {
    let type = try #require(
      Catalogue.standard.optimizers.entry(word)?.type as? any Optimizer.Type)
    let optimizer = withRequiredFields(type)
    func scalars(_ change: (inout StepHyperparameters) -> Void) -> StepScalars {
      var now = optimizer.hyperparameters
      change(&now)
      var memory = optimizer.memory
      _ = optimizer.scalars(step: 1, now, memory: &memory)
      return optimizer.scalars(step: 2, now, memory: &memory)
    }
    let plain = scalars { _ in }
    // Rprop's rate is only where its step sizes begin.
    #expect((scalars { $0.rate *= 0.5 } != plain) == (word != "rprop"))
    let momentum = scalars { $0.momentum = $0.momentum.map { $0 * 0.5 + 0.1 } }
    #expect((momentum != plain) == (optimizer.hyperparameters.momentum != nil))
    let decay = scalars { $0.weightDecay = $0.weightDecay.map { $0 * 0.5 + 0.1 } }
    #expect((decay != plain) == (optimizer.hyperparameters.weightDecay != nil))
  }

  @Test private func `a mean of gradients that do not change gives no root of a negative`() throws {
    var optimizer = RMSProp()
    optimizer.centered = true
    optimizer.alpha = 0.5
    let program = program(of: optimizer)
    var arrays: [[Float]] = [[1], [0.1], [0], [0]]
    for _ in 1...60 { arrays = try runUpdate(program, arrays: arrays, scalars: [1e-12, 0, 0]) }
    #expect(arrays.allSatisfy { $0[0].isFinite })
  }

  private func program(of optimizer: any ElementwiseFormula) -> UpdateProgram {
    var memory = optimizer.memory
    let count = optimizer.scalars(step: 1, optimizer.hyperparameters, memory: &memory).count
    return UpdateProgram(arrays: 2 + optimizer.states.count, scalars: count) { arrays, scalars in
      let new = optimizer.update(
        parameter: arrays[0], gradient: arrays[1], state: Array(arrays.dropFirst(2)),
        scalars: scalars)
      return [(0, new.parameter)] + new.state.enumerated().map { ($0 + 2, $1) }
    }
  }

  private func withRequiredFields(_ type: any Optimizer.Type) -> any Optimizer {
    switch type.init() {
    case var sgd as SGD:
      sgd.lr = 0.1
      return sgd
    case var lars as Lars:
      lars.lr = 0.1
      return lars
    case let other: return other
    }
  }
}
