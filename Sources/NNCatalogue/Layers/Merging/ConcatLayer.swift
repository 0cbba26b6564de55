package import NNGraph
package import NNModel
import NNTensor

/// Several values side by side.
///
/// - inputs: [batch, …, nᵢ, …]
/// - output: [batch, …, Σ nᵢ, …]
package struct ConcatLayer: Layer {
  package static let word = "concat"
  package static let summary =
    "Puts several values side by side: images by channel, others along the last axis."
  package static let example = "concat: [left, right]"

  @Field("The names of what to join.", principal: true)
  package var inputs: [String]
  @Field(
    "The axis of a sample, counted from 0; channels of images and the last axis of others where not given.",
    range: .atLeast(0))
  package var axis: Int? = nil

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try requireSeveral(values, Self.word)
    let usual = try b.featureAxis(of: values[0], Self.word)
    return try b.g.add(Concat(axis: axis ?? usual), values)[0]
  }
}
