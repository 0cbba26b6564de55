package import NNGraph

/// Moves parameters against their gradients, each element by itself.
package protocol Optimizer: Kind {
  /// The learning rate before any schedule.
  var lr: Double { get }

  /// The tensors it keeps for each parameter, all zeros at first.
  var stateNames: [String] { get }

  /// Numbers that change from step to step.
  ///
  /// - step: counts from one.
  /// - rate: the learning rate of this step.
  func scalars(step: Int, rate: Double) -> [Double]

  /// The new parameter and state.
  ///
  /// - state: as ``stateNames`` lists it.
  /// - scalars: as ``scalars(step:rate:)`` gives them.
  func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression])
}
