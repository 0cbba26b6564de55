package import NNGraph
package import NNModel
package import NNTensor

/// −p t log σ(x) − (1 − t) log(1 − σ(x)) = (1 − t) x + (1 + (p − 1) t) softplus(−x), of logits x.
package struct BinaryCrossEntropy: ElementwiseLoss {
  package static let word = "binary_cross_entropy"
  package static let summary =
    "The cross entropy of yes or no, on logits: the model ends without a sigmoid, the loss has it."

  @Field("How much more yes counts than no, for data in which it is rare.", range: .positive)
  package var posWeight = 1.0

  package init() {}

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    if case .category = target {
      throw ShapeError(
        "'binary_cross_entropy' is about yes or no, and the target is \(target.described)",
        help: "Use cross_entropy, or give the target type: binary.")
    }
    try checkWidth(target, prediction)
  }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    (op as? Unary)?.function == .sigmoid ? sigmoidObjection : nil
  }

  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    guard posWeight != 1 else { return softplus(prediction) - target * prediction }
    let weight = 1 + Expression(posWeight - 1) * target
    return (1 - target) * prediction + weight * softplus(-prediction)
  }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    g.elementwise(sigmoid(.value(prediction)))
  }
}
