package import NNGraph
package import NNModel
package import NNTensor

/// −log softmax(x)[class], of logits x.
package struct CrossEntropy: Loss {
  package static let word = "cross_entropy"
  package static let summary =
    "The cross entropy of a category, on logits: the model ends without a softmax, the loss has it."
  package init() {}

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    guard case .category(let classes, let shape) = target else {
      throw ShapeError(
        "'cross_entropy' is about a category, and the target is \(target.described)",
        help: "Use binary_cross_entropy or mse, or give the target type: category.")
    }
    let count = classes?.count
    guard prediction.sizes.dropLast() == shape.sizes[...],
      count == nil || prediction.sizes.last == count
    else {
      let needed = count.map { "has \($0) classes and needs as many logits" }
      throw ShapeError(
        """
        the target \(needed ?? "needs one logit for each class"), but the model ends with \
        \(prediction)
        """,
        help: prediction.rank > shape.rank + 1
          ? "Put flatten or global_avg_pool2d before the last dense layer."
          : "End with a dense layer that names the target, such as - dense: species.")
    }
  }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    guard op is Softmax else { return nil }
    return ShapeError(
      "'cross_entropy' has a softmax of its own, and the model ends with another",
      help: "Take the softmax off the last layer; predictions are probabilities all the same.")
  }

  package func lower(prediction: Value, target: Value, _ g: inout GraphBuilder) -> Value {
    let logs = g.make(Softmax(isLogarithm: true), prediction)
    return g.meanOfSample(g.elementwise(-.value(g.make(Pick(), logs, target))))
  }

  package func output(_ prediction: Value, _ g: inout GraphBuilder) -> Value {
    g.make(Softmax(), prediction)
  }
}
