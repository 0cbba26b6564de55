package import NNGraph
package import NNModel
import NNTensor

/// yₖ = x₁ᵀ Wₖ x₂ + bₖ.
///
/// - inputs: [batch, …, in₁] and [batch, …, in₂]
/// - output: [batch, …, units]
/// - parameters: weight [units, in₁, in₂], bias [units]
package struct Bilinear: Layer {
  package static let word = "bilinear"
  package static let summary =
    "Multiplies each feature of one value by each of another and connects the products to units."

  @Field("The names of the two values.")
  package var inputs: [String]
  @Field(
    "How many outputs; or a target's name: as many as it has classes or values.", range: .atLeast(1)
  )
  package var units: Units
  @Field("Whether each unit adds a learned number.")
  package var bias = true
  @Field("How the weights begin.")
  package var weightInit: any Initializer = GlorotUniform()
  @Field("How the biases begin.")
  package var biasInit: any Initializer = Zeros()

  package init() {}

  package var ownReferences: [String]? { inputs }
  package var predictedTarget: String? { units.targetName }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try requireTwo(values, Self.word)
    let (first, second) = (b.shape(values[0]), b.shape(values[1]))
    guard let m = first.sizes.last, let n = second.sizes.last,
      first.sizes.dropLast() == second.sizes.dropLast()
    else {
      throw ShapeError(
        "'bilinear' needs two values that differ in the last axis at most, found \(first) and "
          + "\(second)")
    }
    let count = try units.resolved(b)
    // Before anyone multiplies the sizes.
    guard count <= (1 << 31) / (m * n) else {
      throw ShapeError("\(Shape([count, m, n])) has more elements than a tensor can, 2³¹")
    }
    let weight = b.parameter("weight", [count, m, n], role: .weight, initializer: weightInit)
    // All units' Wₖ x₂ at once, then their products with x₁.
    let rows = b.g.make(Reshape([count * m, n]), weight)
    let outer = Array(first.sizes.dropLast())
    let shape = Shape(outer + [count, m])
    let products = b.g.make(Reshape(shape), try b.g.apply(Linear(), values[1], rows))
    let axes = Array(0..<outer.count) + [outer.count + 1]
    let spread = b.g.make(Broadcast(to: shape, axes: axes), values[0])
    let each = b.g.elementwise(.value(products) * .value(spread))
    let last = shape.rank - 1
    let y = b.g.make(ReduceSum(axes: [last], rank: shape.rank, overBatch: false), each)
    guard bias else { return y }
    let offset = b.parameter("bias", [count], role: .bias, initializer: biasInit)
    return b.g.elementwise(.value(y) + b.broadcast(offset, like: y, axis: last - 1))
  }
}
