package import NNGraph
package import NNTensor

/// Moves parameters against their gradients.
package protocol Optimizer: Kind, UpdateFormula {
  /// The learning rate before any schedule.
  var lr: Double { get }

  /// What moves a parameter of a shape.
  func method(for shape: Shape) -> UpdateMethod

  /// What its fields say against each other, if anything.
  var conflict: FieldConflict? { get }
}

extension Optimizer {
  package var conflict: FieldConflict? { nil }
}

extension Optimizer where Self: ElementwiseFormula {
  package func method(for shape: Shape) -> UpdateMethod { .elementwise(self) }
}

extension Optimizer where Self: TensorFormula {
  package func method(for shape: Shape) -> UpdateMethod { .tensor(self) }
}

/// How a parameter is moved.
package enum UpdateMethod: Sendable {
  /// Each element by itself: one formula, one pass over the memory of all parameters.
  case elementwise(any ElementwiseFormula)
  /// Each parameter as a whole.
  case tensor(any TensorFormula)
  /// All parameters together, as one vector.
  case joined(any TensorFormula)

  package var formula: any UpdateFormula {
    switch self {
    case .elementwise(let formula): formula
    case .tensor(let formula), .joined(let formula): formula
    }
  }
}

/// What an optimizer computes with in every step, besides parameters, gradients and state.
package protocol UpdateFormula: Sendable {
  /// The numbers that schedules may change, as the file has them.
  var hyperparameters: StepHyperparameters { get }

  /// Numbers that it keeps from step to step, before the first.
  var memory: [Double] { get }

  /// Numbers that change from step to step.
  ///
  /// - step: counts from one.
  /// - now: the hyperparameters of this step.
  /// - memory: as the step before left it.
  func scalars(step: Int, _ now: StepHyperparameters, memory: inout [Double]) -> StepScalars
}

extension UpdateFormula {
  package var memory: [Double] { [] }
}

/// The numbers of an optimizer that schedules may change.
package struct StepHyperparameters: Sendable, Equatable {
  package var rate: Double
  /// What is kept of the last move, beta1 of Adam and its relatives; nil where there is no such
  /// thing, or where it cannot change during training.
  package var momentum: Double?
  /// Nil where there is none.
  package var weightDecay: Double?

  package init(rate: Double, momentum: Double? = nil, weightDecay: Double? = nil) {
    self.rate = rate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  package func scaled(by factors: StepFactors) -> StepHyperparameters {
    StepHyperparameters(
      rate: rate * factors.rate, momentum: momentum.map { $0 * factors.momentum },
      weightDecay: weightDecay.map { $0 * factors.weightDecay })
  }
}

/// What schedules multiply the hyperparameters by in one step.
package struct StepFactors: Sendable, Equatable {
  package var rate: Double
  package var momentum: Double
  package var weightDecay: Double

  package init(rate: Double = 1, momentum: Double = 1, weightDecay: Double = 1) {
    self.rate = rate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }
}

/// A formula that treats each element by itself.
package protocol ElementwiseFormula: UpdateFormula {
  /// The tensors it keeps for each parameter, shaped like it.
  var states: [UpdateState] { get }

  /// The new parameter and state.
  ///
  /// - state: as ``states`` lists it.
  /// - scalars: as ``UpdateFormula/scalars(step:_:memory:)`` gives them.
  func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression])

  /// What is evaluated and shipped, where that is not the parameter that is trained.
  func evaluated(parameter: Expression, state: [Expression]) -> Expression?
}

extension ElementwiseFormula {
  package func evaluated(parameter: Expression, state: [Expression]) -> Expression? { nil }
}

/// A formula over a whole tensor, written as a graph.
package protocol TensorFormula: UpdateFormula {
  /// The tensors it keeps for a parameter of a shape; theirs may be others.
  func states(for shape: Shape) -> [UpdateState]

  /// The new parameter and state, of the same shapes as the old.
  ///
  /// - scalars: one number each, as ``UpdateFormula/scalars(step:_:memory:)`` gives them.
  func update(
    parameter: Value, gradient: Value, state: [Value], scalars: [Value],
    _ g: inout GraphBuilder
  ) -> (parameter: Value, state: [Value])
}

/// A tensor that an optimizer keeps.
package struct UpdateState: Sendable {
  package enum Beginning: Sendable, Equatable {
    case filled(Float)
    /// As the parameter is before the first step.
    case parameter
  }

  /// The last part of its name in `state.safetensors`.
  package let name: String
  /// Nil for the parameter's own.
  package let shape: Shape?
  package let beginning: Beginning

  package init(_ name: String, shape: Shape? = nil, _ beginning: Beginning = .filled(0)) {
    self.name = name
    self.shape = shape
    self.beginning = beginning
  }
}

/// Why fields that are right each by itself cannot stand together.
package struct FieldConflict: Sendable {
  /// A sentence without a full stop.
  package let message: String
  package let help: String

  package init(_ message: String, help: String) {
    self.message = message
    self.help = help
  }
}
