package import NNGraph
package import NNModel
package import NNTensor

/// Nocedal, "Updating Quasi-Newton Matrices with Limited Storage" (1980): the direction is −H g, H
/// being an inverse Hessian made of the last moves s and the changes y of the gradient they
/// brought.
///
/// A step is one call of torch.optim.LBFGS with max_iter=1 and no line search; as there a pair with
/// yᵀs ≤ 1e-10 is not kept, nothing moves where no gradient is above `tolerance_grad` or the
/// direction does not lead down, and the first step is at most lr / Σ|g|.
package struct LBFGS: Optimizer, TensorFormula {
  package static let word = "lbfgs"
  package static let summary =
    "A quasi-Newton method over all parameters together: a step is one iteration without a line "
    + "search, as torch.optim.LBFGS with max_iter=1 called once a step. Meant for small models and "
    + "batches of all rows; keeps 2 · history copies of the parameters."
  package static let example = "lbfgs: {lr: 0.5, history: 20}"

  @Field("How far to go along the direction.", principal: true, range: .positive)
  package var lr = 1.0
  @Field("How many of the last moves are kept.", range: .between(1, 1000))
  package var history = 100
  @Field("Nothing moves where no gradient is greater than this.", range: .atLeast(0))
  package var toleranceGrad = 1e-7
  @Field("Nothing moves where the direction leads down less steeply than this.", range: .atLeast(0))
  package var toleranceChange = 1e-9

  package init() {}

  package func method(for shape: Shape) -> UpdateMethod { .joined(self) }

  package var hyperparameters: StepHyperparameters { StepHyperparameters(rate: lr) }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars { StepScalars(now.rate) }

  package func states(for shape: Shape) -> [UpdateState] {
    let rows = Shape([history] + shape.sizes)
    return [
      UpdateState("moves", shape: rows), UpdateState("changes", shape: rows),
      UpdateState("inverse_products", shape: [history]), UpdateState("direction"),
      UpdateState("last_gradient"), UpdateState("step_size", shape: .scalar),
      UpdateState("scale", shape: .scalar, .filled(1)),
      UpdateState("iterations", shape: .scalar),
    ]
  }

  /// - parameter: [elements]
  package func update(
    parameter: Value, gradient: Value, state: [Value], scalars: [Value], _ g: inout GraphBuilder
  ) -> (parameter: Value, state: [Value]) {
    let gradient = Expression.value(gradient)
    let old = state.map { Expression.value($0) }
    let (direction, last, size, scale, iterations) = (old[3], old[4], old[5], old[6], old[7])
    let isActive = greater(g.sum(greater(absolute(gradient), Expression(toleranceGrad))), 0)

    let move = g.elementwise(direction * size)
    let change = g.elementwise(gradient - last)
    let product = g.sum(.value(change) * .value(move))
    let isKept = isActive * greater(product, 1e-10)
    let inverse = g.elementwise(1 / product)
    let pairs = Pairs(
      moves: pushed(move, onto: state[0], isKept, &g),
      changes: pushed(change, onto: state[1], isKept, &g),
      inverseProducts: pushed(inverse, onto: state[2], isKept, &g))
    let newScale = select(isKept, product / g.sum(square(.value(change))), scale)

    let newDirection = descent(gradient, pairs, newScale, &g)
    let firstSize = minimum(1, 1 / g.sum(absolute(gradient))) * .value(scalars[0])
    let newSize = select(.binary(.equal, iterations, 0), firstSize, .value(scalars[0]))
    let slope = g.sum(gradient * .value(newDirection))
    let moves = isActive * .binary(.greaterEqual, Expression(-toleranceChange), slope)
    let moved = Expression.value(parameter) + newSize * .value(newDirection)
    return (
      g.elementwise(select(moves, moved, .value(parameter))),
      [
        pairs.moves, pairs.changes, pairs.inverseProducts,
        g.elementwise(select(isActive, .value(newDirection), direction)),
        g.elementwise(select(isActive, gradient, last)),
        g.elementwise(select(isActive, newSize, size)),
        g.elementwise(newScale), g.elementwise(iterations + isActive),
      ]
    )
  }

  /// The last moves and changes, the latest at the end; [history, elements], and one over the
  /// product of each pair, [history]. Places that are not filled yet hold zeros, which change
  /// nothing.
  private struct Pairs {
    let moves: Value
    let changes: Value
    let inverseProducts: Value

    func row(_ index: Int, of value: Value, _ g: inout GraphBuilder) -> Expression {
      let shape = Shape(Array(g.shape(value).sizes.dropFirst()))
      let slice = g.make(Slice(axis: 0, start: index, count: 1), value)
      return .value(g.make(Reshape(shape), slice))
    }
  }

  /// A list with its first entry dropped and another at its end, where `isKept`.
  private func pushed(
    _ entry: Value, onto list: Value, _ isKept: Expression, _ g: inout GraphBuilder
  ) -> Value {
    let row = g.make(Reshape(Shape([1] + g.shape(entry).sizes)), entry)
    let shifted =
      history == 1
      ? row
      : g.makeAll(
        Concat(axis: 0), [g.make(Slice(axis: 0, start: 1, count: history - 1), list), row])[0]
    return g.elementwise(select(isKept, .value(shifted), .value(list)))
  }

  /// −H g by the two loops over the pairs.
  private func descent(
    _ gradient: Expression, _ pairs: Pairs, _ scale: Expression, _ g: inout GraphBuilder
  ) -> Value {
    var direction = g.elementwise(-gradient)
    var shares: [Int: Expression] = [:]
    for index in (0..<history).reversed() {
      let along = g.sum(pairs.row(index, of: pairs.moves, &g) * .value(direction))
      let share = g.elementwise(along * pairs.row(index, of: pairs.inverseProducts, &g))
      shares[index] = .value(share)
      direction = g.elementwise(
        .value(direction) - .value(share) * pairs.row(index, of: pairs.changes, &g))
    }
    direction = g.elementwise(.value(direction) * scale)
    for index in 0..<history {
      let along = g.sum(pairs.row(index, of: pairs.changes, &g) * .value(direction))
      let rest = (shares[index] ?? 0) - along * pairs.row(index, of: pairs.inverseProducts, &g)
      direction = g.elementwise(
        .value(direction) + rest * pairs.row(index, of: pairs.moves, &g))
    }
    return direction
  }
}
