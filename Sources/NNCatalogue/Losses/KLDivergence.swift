package import NNGraph
package import NNModel
package import NNTensor

/// Σ t (log t − log softmax(x)), of logits x and a distribution t; 0 log 0 is 0. Kullback and
/// Leibler, "On Information and Sufficiency" (1951).
package struct KLDivergence: PredictionLoss {
  package static let word = "kl_divergence"
  package static let summary = """
    How far a predicted distribution is from a true one, on logits: the target is shares that add \
    up to one along its last axis. Summed over the shares, as PyTorch's batchmean does.
    """
  package init() {}

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    guard case .number(let shape) = target, let count = shape.sizes.last, count > 1 else {
      throw ShapeError(
        "'kl_divergence' is about a distribution, and the target is \(target.described)",
        help: "Make the target of the columns that hold its shares, two at least.")
    }
    try checkWidth(target, prediction)
  }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    op is Softmax ? softmaxObjection : nil
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let logits = g.make(Reshape(type.shape), prediction)
    let logs = g.make(Softmax(isLogarithm: true), logits)
    let share = Expression.value(target)
    let own = share * log(maximum(share, 1e-30))
    return g.meanOfSample(g.sumOfLastAxis(g.elementwise(own - share * .value(logs))))
  }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    g.make(Softmax(), g.make(Reshape(type.shape), prediction))
  }
}
