package import NNGraph
package import NNModel
import NNTensor

/// Each position of a sequence looks at all positions of another.
///
/// - input, output: [batch, length, features]
/// - memory: [batch, any length, any features]
/// - parameters: as those of ``Attention``; key.weight and value.weight have as many inputs as the
///   memory has features
package struct CrossAttention: Layer {
  package static let word = "cross_attention"
  package static let summary = """
    Attention to another sequence: queries come from the input, keys and values from the memory, as \
    in the decoder of a translator.
    """

  @Field("The name of the sequence that is looked at.", principal: true)
  package var memory: String
  @Field("How many heads look at once.", range: .atLeast(1))
  package var heads: Int
  @Field(
    "Heads of keys and values, which the heads share evenly; as many where not given.",
    range: .atLeast(1))
  package var kvHeads: Int? = nil
  @Field("Features of a head; by default the input's divided by the heads.", range: .atLeast(1))
  package var width: Int? = nil
  @Field("The share of weights that is set to zero in training.", range: .from(0, below: 1))
  package var dropout = 0.0
  @Field(
    "The name of what tells which positions of the memory may be seen: numbers, zero for hidden "
      + "ones; or an input of indices, whose padding is hidden.")
  package var mask: String? = nil
  @Field("The index that is hidden, where the mask is an input of indices.", range: .atLeast(0))
  package var padding = 0
  @Field("Whether the four projections add a learned number to each output.")
  package var bias = true
  @Field("How the weights begin.")
  package var weightInit: any Initializer = GlorotUniform()
  @Field("How the biases begin.")
  package var biasInit: any Initializer = Zeros()

  package init() {}

  package var furtherReferences: [String] { [memory] + (mask.map { [$0] } ?? []) }
  package var takesIndices: Bool { mask != nil }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    guard inputs.count > 1 else {
      throw ShapeError("'cross_attention' needs a memory to look at")
    }
    var seen: Value?
    if inputs.count > 2 {
      let length = b.shape(inputs[1]).sizes.first ?? 0
      seen = try b.keyMask(inputs[2], length: length, padding: padding, Self.word)
    }
    let attention = AttentionHeads(
      word: Self.word, count: heads, keyCount: kvHeads, width: width, isCausal: false,
      rotaryBase: nil, dropout: dropout, hasBias: bias, weightInit: weightInit, biasInit: biasInit)
    return try attention.lower(inputs[0], memory: inputs[1], mask: seen, &b)
  }
}
