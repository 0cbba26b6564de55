package import NNGraph
package import NNModel
package import NNTensor

/// One minus how far predicted probabilities p and truths t overlap, Σ p t against what is missed
/// and what is wrongly taken, over a sample's elements:
///
/// 1 − (Σ p t + s) / (Σ p t + α Σ p (1 − t) + β Σ (1 − p) t + s)
///
/// Of a category it is so for each class over all positions, then the mean over the classes.
package protocol OverlapLoss: PredictionLoss {
  /// α: how much counts what is wrongly taken.
  var falsePositives: Double { get }
  /// β: how much counts what is missed.
  var falseNegatives: Double { get }
  /// s
  var smoothing: Double { get }
}

extension OverlapLoss {
  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    if target.isCategory {
      try checkLogits(target, prediction)
    } else {
      try checkWidth(target, prediction)
    }
  }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    op is Softmax ? softmaxObjection : (op as? Unary)?.function == .sigmoid ? sigmoidObjection : nil
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    guard type.isCategory else {
      let truth = Expression.value(g.make(Reshape(g.shape(prediction)), target))
      let (taken, left) = (sigmoid(.value(prediction)), sigmoid(-.value(prediction)))
      return loss(taken * truth, taken * (1 - truth), left * truth, &g) { $1.sumOfSample($0) }
    }
    let shape = g.shape(prediction)
    let classes = shape.sizes.last ?? 1
    let truth = g.make(OneHot(classes: classes), target)
    // Positions without a class are in no sum: there all of a row is zero.
    let counts = g.repeated(g.sumOfLastAxis(truth), alongLastAxisOf: shape)
    let taken = Expression.value(g.make(Softmax(), prediction))
    let hit = taken * .value(truth)
    let each = loss(hit, taken * .value(counts) - hit, .value(truth) - hit, &g) { x, g in
      let rank = shape.rank
      guard rank > 1 else { return x }
      return g.make(ReduceSum(axes: Array(0..<(rank - 1)), rank: rank, overBatch: false), x)
    }
    return g.meanOfSample(each)
  }

  private func loss(
    _ hit: Expression, _ wrong: Expression, _ missed: Expression, _ g: inout GraphBuilder,
    sum: (Value, inout GraphBuilder) -> Value
  ) -> Value {
    let overlap = Expression.value(sum(g.elementwise(hit), &g)) + Expression(smoothing)
    let rest = Expression(falsePositives) * wrong + Expression(falseNegatives) * missed
    return g.elementwise(1 - overlap / (overlap + .value(sum(g.elementwise(rest), &g))))
  }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    type.isCategory
      ? g.make(Softmax(), prediction) : g.elementwise(sigmoid(.value(prediction)))
  }
}
