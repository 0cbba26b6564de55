package import NNGraph
package import NNModel
package import NNTensor

/// A loss of a category, or of a sequence of them, from a number for each class.
package protocol CategoryLoss: PredictionLoss {}

extension CategoryLoss {
  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    try checkLogits(target, prediction)
  }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    op is Softmax ? softmaxObjection : nil
  }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    g.make(Softmax(), prediction)
  }
}

extension PredictionLoss {
  /// Throws unless there is a number for each class of a category.
  package func checkLogits(_ target: TargetType, _ prediction: Shape) throws(ShapeError) {
    guard case .category(let classes, let shape) = target else {
      throw ShapeError(
        "'\(Self.word)' is about a category, and the target is \(target.described)",
        help: "Use binary_cross_entropy or mse, or give the target type: category.")
    }
    let count = classes?.count
    guard prediction.sizes.dropLast() == shape.sizes[...], prediction.rank > 0,
      count == nil || prediction.sizes.last == count
    else {
      let needed = count.map { "has \($0) classes and needs as many logits" }
      throw ShapeError(
        """
        the target \(needed ?? "needs one logit for each class")\
        \(shape.rank > 0 ? " at each of \(shape) places" : ""), but the model ends with \
        \(prediction)
        """,
        help: prediction.rank > shape.rank + 1
          ? "Put flatten or global_avg_pool2d before the last dense layer."
          : "End with a dense layer that names the target, such as - dense: species.")
    }
  }

  var softmaxObjection: ShapeError {
    ShapeError(
      "'\(Self.word)' has a softmax of its own, and the model ends with another",
      help: "Take the softmax off the last layer; predictions are probabilities all the same.")
  }

  var sigmoidObjection: ShapeError {
    ShapeError(
      "'\(Self.word)' has a sigmoid of its own, and the model ends with another",
      help: "Take the sigmoid off the last layer; predictions are probabilities all the same.")
  }
}

extension TargetType {
  /// The names of its classes, of a category whose data has been read.
  var classesOfCategory: [String]? {
    if case .category(let classes, _) = self { classes } else { nil }
  }
}

extension GraphBuilder {
  /// The mean of each sample over the places whose class counts; zero where there is none.
  ///
  /// - each: [batch, …], zero where nothing counts
  /// - target: [batch, …] class indices, below zero where there is no class
  /// - counts: whether each class counts
  mutating func meanOfCounted(_ each: Value, _ target: Value, counts: [Bool]) -> Value {
    guard shape(each).rank > 0 else { return each }
    let places = make(NumberOfClass(counts.map { $0 ? 1 : 0 }), target)
    let count = maximum(.value(sumOfSample(places)), 1)
    return elementwise(.value(sumOfSample(each)) / count)
  }
}
