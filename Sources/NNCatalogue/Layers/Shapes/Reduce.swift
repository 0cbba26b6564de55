package import NNGraph
package import NNModel
import NNTensor

/// The sum, mean, largest or smallest over axes of a sample.
///
/// - input: [batch, n₀, n₁, …]
/// - output: [batch, …] without the axes, or with 1 in their place
package struct Reduce: Layer {
  package static let word = "reduce"
  package static let summary =
    "Takes the sum, mean, max or min over axes of a sample: {function: mean, axes: [0]} is the "
    + "mean over the steps of a sequence."

  @Field("What is taken of the values.", principal: true)
  package var function: Function
  @Field("The axes that are gone afterwards, counted from 0 of a sample.")
  package var axes: [Int]
  @Field("Whether the axes stay, with size 1.")
  package var keepdims = false

  package init() {}

  package enum Function: String, WordChoice {
    case sum, mean, max, min
  }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    let shape = b.shape(x)
    let axes = Set(axes)
    guard !axes.isEmpty, axes.count == self.axes.count,
      axes.allSatisfy((0..<shape.rank).contains)
    else {
      throw ShapeError(
        "'reduce' means the axes \(self.axes), and \(shape) has \(shape.rank)",
        help: "Name one axis or more, each once; those of a sample are counted from 0.")
    }
    let result = reduced(x, axes, &b)
    guard keepdims else { return result }
    let sizes = shape.sizes.enumerated().map { axes.contains($0) ? 1 : $1 }
    return b.g.make(Reshape(Shape(sizes)), result)
  }

  private func reduced(_ x: Value, _ axes: Set<Int>, _ b: inout LayerBuilder) -> Value {
    switch function {
    case .sum: return sum(x, axes, &b)
    case .mean:
      let count = axes.reduce(1) { $0 * b.shape(x)[$1] }
      return b.g.elementwise(.value(sum(x, axes, &b)) * Expression(1 / Double(count)))
    case .max: return largest(x, axes, &b)
    case .min:
      let negative = b.g.elementwise(-.value(x))
      return b.g.elementwise(-.value(largest(negative, axes, &b)))
    }
  }

  private func sum(_ x: Value, _ axes: Set<Int>, _ b: inout LayerBuilder) -> Value {
    b.g.make(ReduceSum(axes: axes.sorted(), rank: b.shape(x).rank, overBatch: false), x)
  }

  /// Axes that are neighbours are one; others are brought together first.
  private func largest(_ x: Value, _ axes: Set<Int>, _ b: inout LayerBuilder) -> Value {
    let shape = b.shape(x)
    let kept = (0..<shape.rank).filter { !axes.contains($0) }
    let sorted = axes.sorted()
    var place = sorted.first ?? 0
    var together = x
    if let last = sorted.last, last - place + 1 != axes.count {
      together = b.g.make(Permute(axes: kept + sorted), x)
      place = kept.count
    }
    var sizes = kept.map { shape[$0] }
    let result = Shape(sizes)
    sizes.insert(axes.reduce(1) { $0 * shape[$1] }, at: place)
    let joined = b.g.make(Reshape(Shape(sizes)), together)
    let y = b.g.make(ReduceMax(axis: place), joined)
    return b.shape(y) == result ? y : b.g.make(Reshape(result), y)
  }
}
