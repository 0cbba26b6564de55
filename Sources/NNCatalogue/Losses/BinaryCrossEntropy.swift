package import NNGraph
package import NNModel
package import NNTensor

/// −t log σ(x) − (1 − t) log(1 − σ(x)) = softplus(x) − t x, of logits x.
package struct BinaryCrossEntropy: ElementwiseLoss {
  package static let word = "binary_cross_entropy"
  package static let summary =
    "The cross entropy of yes or no, on logits: the model ends without a sigmoid, the loss has it."
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
    guard (op as? Unary)?.function == .sigmoid else { return nil }
    return ShapeError(
      "'binary_cross_entropy' has a sigmoid of its own, and the model ends with another",
      help: "Take the sigmoid off the last layer; predictions are probabilities all the same.")
  }

  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    softplus(prediction) - target * prediction
  }

  package func output(_ prediction: Value, _ g: inout GraphBuilder) -> Value {
    g.elementwise(sigmoid(.value(prediction)))
  }
}
