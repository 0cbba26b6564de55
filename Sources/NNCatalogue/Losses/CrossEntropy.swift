package import NNGraph
package import NNModel
package import NNTensor

/// −log softmax(x)[class], of logits x; smoothed as in Szegedy et al., "Rethinking the Inception
/// Architecture for Computer Vision" (2016).
///
/// With class weights w and smoothing ε over C classes a place's loss is
/// (1 − ε) w[class] · −log p[class] + ε/C Σ w[c] · −log p[c].
package struct CrossEntropy: CategoryLoss {
  package static let word = "cross_entropy"
  package static let summary = """
    The cross entropy of a category, on logits: the model ends without a softmax, the loss has it. \
    Of a sequence it is the mean over the positions that have a class.
    """

  @Field(
    "How much the samples of each class count: the mean is over samples, where PyTorch divides by "
      + "the sum of the batch's weights.", range: .atLeast(0))
  package var classWeights: ClassWeights? = nil

  @Field(
    "The share of each truth that is spread over all classes alike.", range: .from(0, below: 1))
  package var labelSmoothing = 0.0

  @Field("A class that counts for nothing, by its name, as padding does; a sample of it counts 0.")
  package var ignore: String? = nil

  package init() {}

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    try checkLogits(target, prediction)
    guard let classes = target.classesOfCategory else { return }
    try classWeights?.check(classes)
    if let ignore { try checkClass(ignore, "ignore", classes) }
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let shape = g.shape(prediction)
    let classes = shape.sizes.last ?? 1
    var counts = [Bool](repeating: true, count: classes)
    if let place = ignore.flatMap({ type.classesOfCategory?.firstIndex(of: $0) }) {
      counts[place] = false
    }
    let weights = classWeights?.resolved(type.classesOfCategory, count: classes)

    let logs = g.make(Softmax(isLogarithm: true), prediction)
    // Where the index is below zero nothing is picked, which is a loss of zero.
    var each = Expression.value(g.elementwise(-.value(g.make(Pick(), logs, target))))
    if weights != nil || ignore != nil {
      let ofClass = zip(weights ?? [Double](repeating: 1, count: classes), counts)
        .map { Float($0 * ($1 ? 1 : 0)) }
      each = each * .value(g.make(NumberOfClass(ofClass), target))
    }
    if labelSmoothing > 0 {
      var spread = Expression.value(logs)
      if let weights { spread = spread * .value(g.constant(weights, alongLastAxisOf: shape)) }
      let sum = g.sumOfLastAxis(g.elementwise(spread))
      let place = g.make(NumberOfClass(counts.map { $0 ? 1 : 0 }), target)
      let share = Expression(labelSmoothing / Double(classes))
      each = Expression(1 - labelSmoothing) * each - share * .value(sum) * .value(place)
    }
    return g.meanOfCounted(g.elementwise(each), target, counts: counts)
  }
}
