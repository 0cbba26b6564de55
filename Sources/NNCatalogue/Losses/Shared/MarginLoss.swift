package import NNGraph
package import NNModel
package import NNTensor

/// A loss of yes or no from a score whose sign decides: a function of max(0, 1 − y x), y being 1 for
/// yes and −1 for no.
package protocol MarginLoss: ElementwiseLoss {
  func formula(shortfall: Expression) -> Expression
}

extension MarginLoss {
  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    guard case .binary = target else {
      throw ShapeError(
        "'\(Self.word)' is about yes or no, and the target is \(target.described)",
        help: "Use categorical_hinge for a category, or give the target type: binary.")
    }
    try checkWidth(target, prediction)
  }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    guard (op as? Unary)?.function == .sigmoid else { return nil }
    return ShapeError(
      "'\(Self.word)' needs scores of either sign, and the model ends with a sigmoid",
      help: "Take the sigmoid off the last layer.")
  }

  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    formula(shortfall: maximum(1 - (2 * target - 1) * prediction, 0))
  }

  /// As near to a probability as a score comes; above one half where it is yes.
  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    g.elementwise(sigmoid(.value(prediction)))
  }
}
