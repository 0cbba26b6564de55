package import NNGraph
package import NNModel
package import NNTensor

/// −α (1 − p)^γ log p with p the probability of the truth; Lin, Goyal, Girshick, He and Dollár,
/// "Focal Loss for Dense Object Detection" (2017).
package struct FocalLoss: PredictionLoss {
  package static let word = "focal"
  package static let summary = """
    A cross entropy that hardly counts what is right already, of yes or no or of a category, on \
    logits: the model ends without a sigmoid or softmax.
    """

  @Field(
    "How little what is right counts; 0 is the cross entropy.", principal: true,
    range: .between(0, 10))
  package var gamma = 2.0

  @Field(
    "How much yes counts, no counting one minus it; all alike where not given.",
    range: .between(0, 1))
  package var alpha: Double? = nil

  @Field("How much the samples of each class count, of a category.", range: .atLeast(0))
  package var classWeights: ClassWeights? = nil

  package init() {}

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    guard target.isCategory else {
      guard classWeights == nil else {
        throw ShapeError(
          "'class_weights' are of a category, and the target is \(target.described)",
          help: "Use alpha to have yes and no count differently.")
      }
      return try checkWidth(target, prediction)
    }
    guard alpha == nil else {
      throw ShapeError(
        "'alpha' is about yes or no, and the target is \(target.described)",
        help: "Use class_weights.")
    }
    try checkLogits(target, prediction)
    if let classes = target.classesOfCategory { try classWeights?.check(classes) }
  }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    op is Softmax ? softmaxObjection : (op as? Unary)?.function == .sigmoid ? sigmoidObjection : nil
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    type.isCategory
      ? ofCategory(prediction, target, type, &g) : ofBinary(prediction, target, &g)
  }

  private func ofBinary(_ prediction: Value, _ target: Value, _ g: inout GraphBuilder) -> Value {
    let truth = Expression.value(g.make(Reshape(g.shape(prediction)), target))
    // The logit of the truth: p is its sigmoid, (1 − p)^γ is exp(−γ softplus).
    let logit = Expression.value(prediction) * (2 * truth - 1)
    var each = exp(Expression(-gamma) * softplus(logit)) * softplus(-logit)
    if let alpha {
      each = each * (Expression(1 - alpha) + Expression(2 * alpha - 1) * truth)
    }
    return g.meanOfSample(g.elementwise(each))
  }

  private func ofCategory(
    _ prediction: Value, _ target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let classes = g.shape(prediction).sizes.last ?? 1
    let logs = g.make(Softmax(isLogarithm: true), prediction)
    let picked = Expression.value(g.make(Pick(), logs, target))
    // Not zero, where a power has no slope; there the logarithm is zero.
    let rest = maximum(-expm1(picked), 1e-12)
    var each = -exp(Expression(gamma) * log(rest)) * picked
    if let classWeights {
      let weights = classWeights.resolved(type.classesOfCategory, count: classes)
      each = each * .value(g.make(NumberOfClass(weights.map { Float($0) }), target))
    }
    return g.meanOfCounted(
      g.elementwise(each), target, counts: .init(repeating: true, count: classes))
  }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    type.isCategory
      ? g.make(Softmax(), prediction) : g.elementwise(sigmoid(.value(prediction)))
  }
}
