package import NNGraph
package import NNModel
package import NNTensor
package import NNYAML

/// max(q e, (q − 1) e) with e = target − prediction: least where a share q of the truths is below
/// the prediction; Koenker and Bassett, "Regression Quantiles" (1978).
package struct QuantileLoss: PredictionLoss {
  package static let word = "quantile"
  package static let summary = """
    The pinball loss, whose best prediction is a quantile of what may happen. With several \
    quantiles the model gives one output for each quantile of each number, side by side, and \
    predicts them all.
    """

  @Field(
    "The quantile, such as 0.9, or a list of them.", principal: true,
    range: .between(1e-6, 0.999999))
  package var quantiles = Quantiles([0.5])

  package init() {}

  package func width(of target: TargetType) -> Int? {
    target.width.map { $0 * quantiles.levels.count }
  }

  package var form: PredictionForm { .quantiles(quantiles.levels) }

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    guard case .number = target else {
      throw ShapeError(
        "'quantile' is about numbers, and the target is \(target.described)",
        help: "Use cross_entropy for a category, binary_cross_entropy for yes or no.")
    }
    let levels = quantiles.levels
    if let twice = levels.indices.first(where: { levels[..<$0].contains(levels[$0]) }) {
      throw ShapeError(
        "the quantile \(shown(levels[twice])) is given twice", help: "Give each of them once.")
    }
    try checkWidth(target, prediction, each: levels.count)
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let count = quantiles.levels.count
    let shape: Shape = [type.shape.count, count]
    let truth = g.make(Reshape([type.shape.count]), target)
    let own = g.repeated(truth, alongLastAxisOf: shape)
    let error = Expression.value(own) - .value(g.make(Reshape(shape), prediction))
    let level = Expression.value(g.constant(quantiles.levels, alongLastAxisOf: shape))
    return g.meanOfSample(g.elementwise(maximum(level * error, (level - 1) * error)))
  }

  /// - result: [numbers…, quantiles], or as the target where there is one quantile.
  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    let count = quantiles.levels.count
    return g.make(Reshape(Shape(type.shape.sizes + (count == 1 ? [] : [count]))), prediction)
  }
}

/// One quantile, or several.
package struct Quantiles: FieldValue, Equatable {
  package let levels: [Double]

  package init(_ levels: [Double]) { self.levels = levels }

  package static let expectation = "a number, or a list of numbers"
  package var numbers: [Double] { levels }
  package var shownInManual: String {
    levels.count == 1 ? levels[0].shownInManual : levels.shownInManual
  }

  package static func text(of number: Double) -> String? { Double.text(of: number) }
  package static func sample(within range: Bounds?) -> String { Double.sample(within: range) }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Quantiles? {
    guard let nodes = node.sequence else {
      return Double.read(node, &reader).map { Quantiles([$0]) }
    }
    guard !nodes.isEmpty else { return reader.wrongType(node, expectation) }
    return [Double].read(node, &reader).map { Quantiles($0) }
  }
}
