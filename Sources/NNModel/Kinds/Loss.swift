package import NNGraph
package import NNTensor

/// How far a prediction is from its target.
package protocol Loss: Kind {
  /// Throws what does not fit: the kind of target, or the prediction's shape.
  func check(_ target: TargetType, prediction: Shape) throws(ShapeError)

  /// What is wrong with a head that ends in an op which the loss applies itself; nil for others.
  func objection(toHeadMadeBy op: any Op) -> ShapeError?

  /// The loss of each sample, a batch of single numbers.
  ///
  /// - prediction: the head's output, before ``output(_:_:)``.
  /// - target: class indices, or numbers in the prediction's shape.
  func lower(prediction: Value, target: Value, _ g: inout GraphBuilder) -> Value

  /// What is predicted from the head's output, such as probabilities from logits.
  func output(_ prediction: Value, _ g: inout GraphBuilder) -> Value
}

extension Loss {
  package func output(_ prediction: Value, _ g: inout GraphBuilder) -> Value { prediction }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? { nil }
}

/// A loss of numbers, the mean over a sample's elements.
package protocol ElementwiseLoss: Loss {
  func formula(_ prediction: Expression, _ target: Expression) -> Expression
}

extension ElementwiseLoss {
  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    if case .category = target {
      throw ShapeError(
        "'\(Self.word)' compares numbers, and the target is \(target.described)",
        help: "Use cross_entropy for a category.")
    }
    try checkWidth(target, prediction)
  }

  package func lower(prediction: Value, target: Value, _ g: inout GraphBuilder) -> Value {
    let target = g.make(Reshape(g.shape(prediction)), target)
    let each = g.elementwise(formula(.value(prediction), .value(target)))
    return g.meanOfSample(each)
  }
}

extension Loss {
  /// Throws if the head is not as wide as the target.
  package func checkWidth(_ target: TargetType, _ prediction: Shape) throws(ShapeError) {
    guard let width = target.width, prediction.count != width else { return }
    throw ShapeError(
      """
      the target has the shape \(target.shape) and needs \(width) \
      output\(width == 1 ? "" : "s"), but the model ends with \(prediction)
      """,
      help: "Give the last layer \(width) unit\(width == 1 ? "" : "s"), or name the target there.")
  }
}

extension GraphBuilder {
  /// The mean over each sample's elements.
  package mutating func meanOfSample(_ x: Value) -> Value {
    let shape = shape(x)
    guard shape.rank > 0 else { return x }
    let sum = make(ReduceSum(axes: Array(0..<shape.rank), rank: shape.rank, overBatch: false), x)
    return elementwise(.value(sum) * Expression(1 / Double(shape.count)))
  }
}
