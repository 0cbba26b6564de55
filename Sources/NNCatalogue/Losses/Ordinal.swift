package import NNGraph
package import NNModel
package import NNTensor

/// Conditional ordinal regression: logit k says how probable a class above k is, of those that are
/// k or above; Shi, Cao and Raschka, "Deep Neural Networks for Rank-Consistent Ordinal Regression
/// Based On Conditional Probabilities" (2021).
///
/// A sample's loss is the sum of its binary cross entropies, which is minus the logarithm of its
/// class's probability; the paper divides by the number of those in the batch instead of by that of
/// the samples.
package struct Ordinal: PredictionLoss {
  package static let word = "ordinal"
  package static let summary = """
    For classes in an order, as the data's classes: lists them (CORN): one output fewer than \
    classes, predictions are their probabilities. Minus the logarithm of the class's probability; \
    the paper divides by decisions, not samples.
    """
  package init() {}

  package func width(of target: TargetType) -> Int? {
    target.isCategory ? target.width.map { $0 - 1 } : target.width
  }

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    guard case .category(let classes, let shape) = target else {
      throw ShapeError(
        "'ordinal' is about classes in an order, and the target is \(target.described)",
        help: "Give the target type: category and classes: in their order.")
    }
    guard prediction.rank == shape.rank + 1, prediction.sizes.dropLast() == shape.sizes[...],
      classes == nil || prediction.sizes.last == (classes?.count ?? 0) - 1
    else {
      let needed = classes.map { "has \($0.count) classes and needs \($0.count - 1) outputs" }
      throw ShapeError(
        """
        the target \(needed ?? "needs one output fewer than it has classes"), but the model ends \
        with \(prediction)
        """,
        help: "End with a dense layer that names the target, such as - dense: grade.")
    }
  }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    (op as? Unary)?.function == .sigmoid ? sigmoidObjection : nil
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let decisions = g.shape(prediction).sizes.last ?? 1
    let axis = g.shape(prediction).rank - 1
    let classes = decisions + 1
    // At k whether the class is k or above.
    let reached = g.make(
      CumulativeSum(fromEnd: true), g.make(OneHot(classes: classes), target))
    let asked = g.make(Slice(axis: axis, start: 0, count: decisions), reached)
    let passed = g.make(Slice(axis: axis, start: 1, count: decisions), reached)
    let logit = Expression.value(prediction)
    let each = Expression.value(asked) * (softplus(logit) - .value(passed) * logit)
    return g.meanOfCounted(
      g.sumOfLastAxis(g.elementwise(each)), target,
      counts: .init(repeating: true, count: classes))
  }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    let shape = g.shape(prediction)
    let axis = shape.rank - 1
    let edge = Shape(shape.sizes.dropLast() + [1])
    let logs = g.elementwise(-softplus(-.value(prediction)))
    let above = g.elementwise(exp(.value(g.make(CumulativeSum(), logs))))
    let one = g.constant([1], alongLastAxisOf: edge)
    let zero = g.constant([0], alongLastAxisOf: edge)
    // Of class k: above k − 1 but not above k.
    let reaches = g.make(Concat(axis: axis), one, above)
    let passes = g.make(Concat(axis: axis), above, zero)
    return g.elementwise(.value(reaches) - .value(passes))
  }
}
