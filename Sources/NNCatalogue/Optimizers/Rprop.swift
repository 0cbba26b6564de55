package import NNGraph
package import NNModel

/// Each element has a step size that grows by η⁺ where its gradient keeps the sign and shrinks by
/// η⁻ where it turns; there the element rests for a step. Riedmiller and Braun, "A Direct Adaptive
/// Method for Faster Backpropagation Learning: The RPROP Algorithm" (1993), without backtracking,
/// as PyTorch has it.
package struct Rprop: Optimizer, ElementwiseFormula {
  package static let word = "rprop"
  package static let summary =
    "Moves by the signs of the gradients alone, with step sizes that adapt. Meant for batches of "
    + "all rows."

  @Field("The first step size; schedules do not change it.", principal: true, range: .positive)
  package var lr = 1e-2
  @Field("What a step size is multiplied by where the gradient turns.", range: .above(0, below: 1))
  package var etaMinus = 0.5
  @Field("What it is multiplied by where the gradient keeps its sign.", range: .above(1))
  package var etaPlus = 1.2
  @Field("The smallest step size.", range: .positive)
  package var stepMin = 1e-6
  @Field("The greatest step size.", range: .positive)
  package var stepMax = 50.0

  package init() {}

  package var conflict: FieldConflict? {
    guard stepMin > stepMax else { return nil }
    return FieldConflict(
      "step_min is greater than step_max", help: "Give a step_min below \(shown(stepMax)).")
  }

  package var hyperparameters: StepHyperparameters { StepHyperparameters(rate: lr) }

  package var states: [UpdateState] {
    [UpdateState("last_gradient"), UpdateState("step_size", .filled(Float(lr)))]
  }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars { StepScalars() }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    // Signs are multiplied, not gradients, whose product may underflow.
    let agreement = sign(gradient) * sign(state[0])
    let factor = select(
      greater(agreement, 0), Expression(etaPlus),
      select(greater(0, agreement), Expression(etaMinus), 1))
    let size = minimum(maximum(state[1] * factor, Expression(stepMin)), Expression(stepMax))
    let used = select(greater(0, agreement), 0, gradient)
    return (parameter - sign(used) * size, [used, size])
  }
}
