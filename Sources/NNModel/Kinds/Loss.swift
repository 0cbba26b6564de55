package import NNGraph
package import NNTensor

/// How far what a model gives is from what it should give.
package protocol Loss: Kind {
  /// How many of the model's values it takes: one prediction, or several to compare.
  var valueCount: Int { get }

  /// Whether there is a target that it compares them with.
  var takesTarget: Bool { get }

  /// How wide a layer must be that predicts the target, along the last axis of sequences; nil where
  /// it is not known yet.
  func width(of target: TargetType) -> Int?

  /// Throws what does not fit: the kind of target, or a value's shape.
  ///
  /// - target: nil where the loss takes none.
  func check(_ target: TargetType?, values: [Shape]) throws(ShapeError)

  /// What is wrong with a head that ends in an op which the loss applies itself; nil for others.
  func objection(toHeadMadeBy op: any Op) -> ShapeError?

  /// The loss of each sample, a batch of single numbers.
  func lower(_ site: LossSite, _ g: inout GraphBuilder) -> Value

  /// What is predicted of the target, such as probabilities from logits.
  func output(_ values: [Value], of target: TargetType, _ g: inout GraphBuilder) -> Value

  /// How far each predicted number is expected to be off, in the target's shape; nil of losses that
  /// do not learn it.
  func deviation(_ values: [Value], of target: TargetType, _ g: inout GraphBuilder) -> Value?

  /// How what is predicted is to be read.
  var form: PredictionForm { get }
}

extension Loss {
  package var valueCount: Int { 1 }
  package var takesTarget: Bool { true }
  package var form: PredictionForm { .plain }

  package func width(of target: TargetType) -> Int? { target.width }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? { nil }

  package func output(
    _ values: [Value], of target: TargetType, _ g: inout GraphBuilder
  ) -> Value { values[0] }

  package func deviation(
    _ values: [Value], of target: TargetType, _ g: inout GraphBuilder
  ) -> Value? { nil }
}

/// What a loss computes with.
package struct LossSite {
  /// What the model gives, before ``Loss/output(_:of:_:)``.
  package let values: [Value]
  /// Class indices, below zero where there is no class, or numbers; with their type. Nil where the
  /// loss takes no target.
  package let target: (value: Value, type: TargetType)?

  package init(values: [Value], target: (value: Value, type: TargetType)?) {
    self.values = values
    self.target = target
  }
}

/// How what is predicted of a target is to be read.
package enum PredictionForm: Sendable, Equatable {
  /// Probabilities of classes, or numbers like the target's.
  case plain
  /// For each number of the target its quantiles, side by side.
  case quantiles([Double])
  /// Probabilities for each time of a blank and the classes behind it, which spell a sequence.
  case spelling
}

/// A loss of one prediction of a target.
package protocol PredictionLoss: Loss {
  func check(_ target: TargetType, prediction: Shape) throws(ShapeError)

  /// The loss of each sample, a batch of single numbers.
  ///
  /// - prediction: the head's output.
  /// - target: class indices, or numbers as many as the type says.
  func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value

  func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value
}

extension PredictionLoss {
  package func check(_ target: TargetType?, values: [Shape]) throws(ShapeError) {
    if let target { try check(target, prediction: values[0]) }
  }

  package func lower(_ site: LossSite, _ g: inout GraphBuilder) -> Value {
    guard let target = site.target else {
      preconditionFailure("'\(Self.word)' is lowered without a target")
    }
    return lower(prediction: site.values[0], target: target.value, target.type, &g)
  }

  package func output(
    _ values: [Value], of target: TargetType, _ g: inout GraphBuilder
  ) -> Value { output(values[0], target, &g) }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    prediction
  }

  /// Throws if the head does not have so many outputs for each number of the target.
  package func checkWidth(
    _ target: TargetType, _ prediction: Shape, each: Int = 1
  ) throws(ShapeError) {
    guard let width = width(of: target), prediction.count != width else { return }
    let reason = each == 1 ? "" : ", \(each) for each number"
    throw ShapeError(
      """
      the target has the shape \(target.shape) and needs \(width) \
      output\(width == 1 ? "" : "s")\(reason), but the model ends with \(prediction)
      """,
      help: "Give the last layer \(width) unit\(width == 1 ? "" : "s"), or name the target there.")
  }

  /// Throws if the target is a category.
  package func checkNumbers(_ target: TargetType) throws(ShapeError) {
    guard case .category = target else { return }
    throw ShapeError(
      "'\(Self.word)' compares numbers, and the target is \(target.described)",
      help: "Use cross_entropy for a category.")
  }
}

/// A loss of numbers, the mean over a sample's elements.
package protocol ElementwiseLoss: PredictionLoss {
  func formula(_ prediction: Expression, _ target: Expression) -> Expression
}

extension ElementwiseLoss {
  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    try checkNumbers(target)
    try checkWidth(target, prediction)
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let target = g.make(Reshape(g.shape(prediction)), target)
    return g.meanOfSample(g.elementwise(formula(.value(prediction), .value(target))))
  }
}

extension GraphBuilder {
  /// The sum over each sample's elements.
  package mutating func sumOfSample(_ x: Value) -> Value {
    let rank = shape(x).rank
    guard rank > 0 else { return x }
    return make(ReduceSum(axes: Array(0..<rank), rank: rank, overBatch: false), x)
  }

  /// The mean over each sample's elements.
  package mutating func meanOfSample(_ x: Value) -> Value {
    let shape = shape(x)
    guard shape.rank > 0 else { return x }
    return elementwise(.value(sumOfSample(x)) * Expression(1 / Double(shape.count)))
  }

  /// The sum along the last axis of a sample.
  package mutating func sumOfLastAxis(_ x: Value) -> Value {
    let rank = shape(x).rank
    return make(ReduceSum(axes: [rank - 1], rank: rank, overBatch: false), x)
  }

  /// A sample's elements repeated along a new last axis.
  package mutating func repeated(_ x: Value, alongLastAxisOf shape: Shape) -> Value {
    make(Broadcast(to: shape, axes: Array(0..<(shape.rank - 1))), x)
  }

  /// Numbers along the last axis, the same for all the others.
  package mutating func constant(_ values: [Double], alongLastAxisOf shape: Shape) -> Value {
    let row = make(ConstantTensor([values.count], values.map { Float($0) }))
    return make(Broadcast(to: shape, axes: [shape.rank - 1]), row)
  }
}
