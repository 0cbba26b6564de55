package import NNEngine
import NNGraph
package import NNModel
package import NNPlan
import NNTensor

/// How the parameters of a model move: the engine's rule, and the numbers of every step.
package struct OptimizerRun: Sendable {
  package let rule: UpdateRule
  /// Those of the rule's methods, and their numbers before schedules.
  private let formulas: [any UpdateFormula]
  private let hyperparameters: [StepHyperparameters]
  /// What each formula keeps from step to step.
  package private(set) var memories: [[Double]]
  /// The scalars of each method in the step that was begun last.
  package private(set) var scalars: [[Double]]

  /// The rule an optimizer section describes for parameters in memory.
  ///
  /// A penalty's gradient is part of what is clipped, in whatever way.
  package init(_ spec: OptimizerSpec, _ layout: ParameterLayout) {
    var makers: [MethodMaker] = []
    var methodOfEntry = [Int](repeating: 0, count: layout.entries.count)
    for (index, entry) in layout.entries.enumerated() where entry.isUpdated {
      let group = spec.group(of: entry.parameter.name)
      let optimizer = group.map { spec.groups[$0].optimizer } ?? spec.optimizer
      let method = optimizer.method(for: entry.shape)
      let key = MethodKey(group: group, method)
      let place = makers.firstIndex { $0.key == key } ?? makers.count
      if place == makers.count { makers.append(MethodMaker(key: key, method: method)) }
      makers[place].shapes[index] = entry.shape
      methodOfEntry[index] = place
    }
    var rule = UpdateRule(
      methods: makers.map { $0.made(spec, vector: [layout.count]) },
      methodOfEntry: methodOfEntry)
    rule.penalty = UpdateRule.penalty(l1: spec.l1, l2: spec.l2)
    rule.clipNorm = spec.clipNorm
    if let clipping = spec.clipAdaptive {
      for (index, entry) in layout.entries.enumerated() where entry.isUpdated {
        rule.adaptiveClipping[index] = clipping.program(entry.shape)
      }
    }
    self.rule = rule
    formulas = makers.map(\.method.formula)
    hyperparameters = formulas.map(\.hyperparameters)
    memories = formulas.map(\.memory)
    scalars = rule.methods.map { [Double](repeating: 0, count: $0.scalarCount) }
  }

  /// Makes ``scalars`` those of a step, in the memory of the last one's.
  ///
  /// - step: counts from one.
  package mutating func begin(step: Int, _ factors: StepFactors) {
    for index in formulas.indices {
      let numbers = formulas[index].scalars(
        step: step, hyperparameters[index].scaled(by: factors), memory: &memories[index])
      for place in numbers.indices { scalars[index][place] = numbers[place] }
    }
  }

  /// Goes on with what a run left; false where it is of another model.
  package mutating func restore(_ memories: [[Double]]) -> Bool {
    guard memories.map(\.count) == self.memories.map(\.count) else { return false }
    self.memories = memories
    return true
  }
}

/// Parameters of one group that move in the same way share a method.
private struct MethodKey: Hashable {
  let group: Int?
  let formula: ObjectIdentifier

  init(group: Int?, _ method: UpdateMethod) {
    self.group = group
    formula = ObjectIdentifier(type(of: method.formula))
  }
}

private struct MethodMaker {
  let key: MethodKey
  let method: UpdateMethod
  /// By the entry of the layout.
  var shapes: [Int: Shape] = [:]

  /// - vector: the shape of all parameters together.
  func made(_ spec: OptimizerSpec, vector: Shape) -> UpdateRule.Method {
    var memory = method.formula.memory
    let count = method.formula.scalars(
      step: 1, method.formula.hyperparameters, memory: &memory
    ).count
    switch method {
    case .elementwise(let formula):
      return UpdateRule.Method(
        .elementwise(spec.program(formula, scalarCount: count)), scalarCount: count,
        evaluated: formula.evaluation
      ) { shape in formula.states.map { UpdateRule.State($0, parameter: shape) } }
    case .tensor(let formula):
      let distinct = Set(shapes.values)
      let programs = Dictionary(
        uniqueKeysWithValues: distinct.map { shape in
          (shape, spec.program(formula, shape, scalarCount: count))
        })
      return UpdateRule.Method(
        .tensor(shapes.compactMapValues { programs[$0] }), scalarCount: count
      ) { shape in formula.states(for: shape).map { UpdateRule.State($0, parameter: shape) } }
    case .joined(let formula):
      return UpdateRule.Method(
        .joined(spec.program(formula, vector, scalarCount: count)), scalarCount: count
      ) { shape in formula.states(for: shape).map { UpdateRule.State($0, parameter: shape) } }
    }
  }
}

extension UpdateRule.State {
  fileprivate init(_ state: UpdateState, parameter: Shape) {
    let filledWith: Float? =
      switch state.beginning {
      case .filled(let value): value
      case .parameter: nil
      }
    self.init(state.name, state.shape ?? parameter, filledWith: filledWith)
  }
}

extension ElementwiseFormula {
  /// What is evaluated; arrays: the parameter, the state, the result.
  fileprivate var evaluation: UpdateProgram? {
    let count = states.count
    let nothing = [Expression](repeating: 0, count: count)
    guard evaluated(parameter: 0, state: nothing) != nil else { return nil }
    return UpdateProgram(arrays: count + 2, scalars: 0) { arrays, _ in
      let value = evaluated(parameter: arrays[0], state: Array(arrays[1...count]))
      return [(count + 1, value ?? arrays[0])]
    }
  }
}

extension OptimizerSpec {
  /// A gradient as it is clipped by the norm of all and by value.
  private func clipped(_ gradient: Expression, factor: Expression?) -> Expression {
    var gradient = gradient
    if let factor { gradient = gradient * factor }
    if let limit = clipValue {
      gradient = maximum(minimum(gradient, Expression(limit)), Expression(-limit))
    }
    return gradient
  }

  fileprivate func program(
    _ formula: any ElementwiseFormula, scalarCount: Int
  ) -> UpdateProgram {
    UpdateProgram(
      arrays: 2 + formula.states.count, scalars: scalarCount + (clipNorm == nil ? 0 : 1)
    ) { arrays, scalars in
      let factor = scalars.count > scalarCount ? scalars[scalarCount] : nil
      let new = formula.update(
        parameter: arrays[0], gradient: clipped(arrays[1], factor: factor),
        state: Array(arrays.dropFirst(2)), scalars: Array(scalars.prefix(scalarCount)))
      return [(0, new.parameter)] + new.state.enumerated().map { ($0 + 2, $1) }
    }
  }

  fileprivate func program(
    _ formula: any TensorFormula, _ shape: Shape, scalarCount: Int
  ) -> TensorProgram {
    let states = formula.states(for: shape).map { $0.shape ?? shape }
    return TensorProgram(
      arrays: [shape, shape] + states, scalars: scalarCount + (clipNorm == nil ? 0 : 1)
    ) { arrays, scalars, g in
      let factor = scalars.count > scalarCount ? Expression.value(scalars[scalarCount]) : nil
      let new = formula.update(
        parameter: arrays[0],
        gradient: g.elementwise(clipped(.value(arrays[1]), factor: factor)),
        state: Array(arrays.dropFirst(2)), scalars: Array(scalars.prefix(scalarCount)), &g)
      return [(0, new.parameter)] + new.state.enumerated().map { ($0 + 2, $1) }
    }
  }
}

extension AdaptiveClipping {
  /// Shortens the gradient of each unit, arrays: parameter, gradient.
  ///
  /// - shape: [units, …]; a vector or a number is one unit.
  fileprivate func program(_ shape: Shape) -> TensorProgram {
    TensorProgram(arrays: [shape, shape], scalars: 0) { arrays, _, g in
      let axes = Array((shape.rank > 1 ? 1 : 0)..<shape.rank)
      func norm(_ value: Value) -> Expression {
        let squares = g.elementwise(square(.value(value)))
        return sqrt(
          .value(
            g.make(ReduceSum(axes: axes, rank: shape.rank, overBatch: false), squares)))
      }
      let most = maximum(norm(arrays[0]), Expression(eps)) * Expression(factor)
      let length = norm(arrays[1])
      let factor = g.elementwise(
        select(greater(length, most), most / maximum(length, 1e-6), 1))
      let spread = g.make(
        Broadcast(to: shape, isBatched: false, axes: shape.rank > 1 ? [0] : []), factor)
      return [(1, g.elementwise(.value(arrays[1]) * .value(spread)))]
    }
  }
}

extension UpdateRule {
  /// The gradient of l2 Σ w² + l1 Σ |w|, added to the loss's.
  fileprivate static func penalty(l1: Double, l2: Double) -> UpdateProgram? {
    guard l1 > 0 || l2 > 0 else { return nil }
    return UpdateProgram(arrays: 2, scalars: 0) { arrays, _ in
      var gradient = arrays[1]
      if l2 > 0 { gradient = gradient + Expression(2 * l2) * arrays[0] }
      if l1 > 0 { gradient = gradient + Expression(l1) * sign(arrays[0]) }
      return [(1, gradient)]
    }
  }
}
