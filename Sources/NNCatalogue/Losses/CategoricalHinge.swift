package import NNGraph
package import NNModel
import NNTensor

/// Σ max(0, margin − x[class] + x[c])^p over the other classes c, divided by how many classes there
/// are; Weston and Watkins, "Support Vector Machines for Multi-Class Pattern Recognition" (1999).
package struct CategoricalHinge: CategoryLoss {
  package static let word = "categorical_hinge"
  package static let summary = """
    The margin loss of a category: its score should be above each other's by the margin. The mean \
    over all classes, as PyTorch's MultiMarginLoss; Keras takes only the worst of the others.
    """

  @Field(
    "By how much the right score should be above each other.", principal: true,
    range: .positive)
  package var margin = 1.0

  @Field("The power of each shortfall, 1 or 2.", range: .between(1, 2))
  package var p = 1

  package init() {}

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    guard op is Softmax else { return nil }
    return ShapeError(
      "'categorical_hinge' needs scores of any size, and the model ends with a softmax",
      help: "Take the softmax off the last layer; predictions are its shares all the same.")
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let shape = g.shape(prediction)
    let classes = shape.sizes.last ?? 1
    let truth = g.make(OneHot(classes: classes), target)
    let right = g.repeated(g.make(Pick(), prediction, target), alongLastAxisOf: shape)
    let counts = g.repeated(g.sumOfLastAxis(truth), alongLastAxisOf: shape)
    let shortfall = maximum(Expression(margin) - .value(right) + .value(prediction), 0)
    let each = p == 1 ? shortfall : square(shortfall)
    // Not of the right class, and of none where there is no class.
    let others = g.sumOfLastAxis(g.elementwise(each * (.value(counts) - .value(truth))))
    return g.meanOfCounted(
      g.elementwise(.value(others) * Expression(1 / Double(classes))), target,
      counts: .init(repeating: true, count: classes))
  }
}
