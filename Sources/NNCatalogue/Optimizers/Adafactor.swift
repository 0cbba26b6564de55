package import NNGraph
package import NNModel
package import NNTensor

/// Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost" (2018), as
/// torch.optim.Adafactor has it.
///
/// Of a matrix it keeps the running means of the squared gradients of each row, r, and of each
/// column, c; v = r cᵀ / mean(r) stands for the mean of squares of each element. The last two axes
/// of tensors with more are taken so; vectors keep v itself. The move of u = g / √v is
/// min(rate, 1/√t) · max(ε₂, rms(w)) · u / max(1, rms(u) / d).
package struct Adafactor: Optimizer, TensorFormula {
  package static let word = "adafactor"
  package static let summary =
    "Adam that keeps a number for each row and column in place of one for each element, and moves "
    + "in shares of a parameter's size."
  package static let example = "adafactor: 1e-2"

  @Field("The learning rate, as a share of a parameter's size.", principal: true, range: .positive)
  package var lr = 1e-2
  @Field(
    "The power of the step that says how much a new gradient counts in the means.",
    range: .between(-10, 0))
  package var beta2Decay = -0.8
  @Field("The least root mean square a gradient is divided by.", range: .positive)
  package var eps1 = 0x1p-23
  @Field("The least size a parameter counts with.", range: .atLeast(0))
  package var eps2 = 1e-3
  @Field(
    "The greatest root mean square of a direction; longer ones are shortened.", range: .atLeast(1))
  package var d = 1.0
  @Field("Each step takes this times the learning rate off every parameter.", range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, weightDecay: weightDecay)
  }

  package func states(for shape: Shape) -> [UpdateState] {
    guard shape.rank > 1 else { return [UpdateState("mean_square")] }
    let sizes = shape.sizes
    return [
      UpdateState("row_means", shape: Shape(sizes.dropLast())),
      UpdateState("column_means", shape: Shape(sizes.dropLast(2) + sizes.suffix(1))),
    ]
  }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    StepScalars(
      BinaryFunction.power(Double(step), beta2Decay),
      min(now.rate, 1 / Double(step).squareRoot()),
      1 - now.rate * (now.weightDecay ?? weightDecay))
  }

  package func update(
    parameter: Value, gradient: Value, state: [Value], scalars: [Value], _ g: inout GraphBuilder
  ) -> (parameter: Value, state: [Value]) {
    let shape = g.shape(parameter)
    let numbers = scalars.map { Expression.value($0) }
    let old = Expression.value(parameter)
    let squares = square(.value(gradient))
    let (new, variance) =
      shape.rank > 1
      ? factored(squares, shape, state, share: numbers[0], &g)
      : elementwise(squares, state, share: numbers[0], &g)
    let direction = Expression.value(gradient) * rsqrt(maximum(variance, Expression(eps1 * eps1)))
    func rootMeanSquare(_ x: Expression, _ g: inout GraphBuilder) -> Expression {
      g.norm(x) * Expression(1 / Double(max(shape.count, 1)).squareRoot())
    }
    let size = maximum(rootMeanSquare(old, &g), Expression(eps2))
    let length = maximum(rootMeanSquare(direction, &g) * Expression(1 / d), 1)
    let kept = weightDecay > 0 ? old * numbers[2] : old
    return (g.elementwise(kept - numbers[1] * size / length * direction), new)
  }

  private func elementwise(
    _ squares: Expression, _ state: [Value], share: Expression, _ g: inout GraphBuilder
  ) -> ([Value], Expression) {
    let old = Expression.value(state[0])
    let variance = old + share * (squares - old)
    return ([g.elementwise(variance)], variance)
  }

  /// - shape: […, rows, columns]
  /// - state: […, rows] and […, columns]
  private func factored(
    _ squares: Expression, _ shape: Shape, _ state: [Value], share: Expression,
    _ g: inout GraphBuilder
  ) -> ([Value], Expression) {
    let rank = shape.rank
    let value = g.elementwise(squares)
    func mean(without axis: Int, _ old: Value) -> Value {
      let sum = g.make(ReduceSum(axes: [axis], rank: rank, overBatch: false), value)
      let mean = Expression.value(sum) * Expression(1 / Double(max(shape[axis], 1)))
      return g.elementwise(.value(old) + share * (mean - .value(old)))
    }
    let rows = mean(without: rank - 1, state[0])
    let columns = mean(without: rank - 2, state[1])
    // The rows are divided first: the product of both means would be too small for a float.
    let total = g.make(ReduceSum(axes: [rank - 2], rank: rank - 1, overBatch: false), rows)
    let mean = g.elementwise(
      maximum(.value(total) * Expression(1 / Double(max(shape[rank - 2], 1))), Expression(eps1)))
    let outer = Array(0..<(rank - 2))
    let spread = g.make(Broadcast(to: g.shape(rows), isBatched: false, axes: outer), mean)
    let shares = g.elementwise(.value(rows) / .value(spread))
    let byRow = g.make(Broadcast(to: shape, isBatched: false, axes: outer + [rank - 2]), shares)
    let byColumn = g.make(
      Broadcast(to: shape, isBatched: false, axes: outer + [rank - 1]), columns)
    return ([rows, columns], .value(byRow) * .value(byColumn))
  }
}
