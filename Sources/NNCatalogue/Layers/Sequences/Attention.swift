package import NNGraph
package import NNModel
import NNTensor

/// Each position of a sequence looks at all, or at those before it.
///
/// - input, output: [batch, length, features]
/// - parameters: query.weight [heads · width, features], key.weight and value.weight
///   [kv_heads · width, features], output.weight [features, heads · width]; and a bias of each
package struct Attention: Layer {
  package static let word = "attention"
  package static let summary = """
    Self-attention: each place of a sequence looks at the others with several heads and takes a mean \
    of what it finds there, weighted by softmax(q·k / √width). PyTorch's MultiheadAttention.
    """

  @Field("How many heads look at once.", principal: true, range: .atLeast(1))
  package var heads: Int
  @Field(
    "Heads of keys and values, which the heads share evenly; as many where not given.",
    range: .atLeast(1))
  package var kvHeads: Int? = nil
  @Field("Features of a head; by default the input's divided by the heads.", range: .atLeast(1))
  package var width: Int? = nil
  @Field("Whether a position sees only itself and those before it.")
  package var causal = false
  @Field(
    "Whether queries and keys are turned by their positions; pairs are the halves of a head, as in "
      + "Llama.")
  package var rotary = false
  @Field(
    "Of rotary positions: the slowest pair turns about so many times slower.", range: .atLeast(1))
  package var rotaryBase = 10_000.0
  @Field("The share of weights that is set to zero in training.", range: .from(0, below: 1))
  package var dropout = 0.0
  @Field(
    "The name of what tells which positions may be seen: [length] numbers, zero for hidden ones; or "
      + "an input of indices, whose padding is hidden.")
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

  package var furtherReferences: [String] { mask.map { [$0] } ?? [] }
  package var takesIndices: Bool { mask != nil }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    var seen: Value?
    if inputs.count > 1 {
      let length = b.shape(x).sizes.first ?? 0
      seen = try b.keyMask(inputs[1], length: length, padding: padding, Self.word)
    }
    let attention = AttentionHeads(
      word: Self.word, count: heads, keyCount: kvHeads, width: width, isCausal: causal,
      rotaryBase: rotary ? rotaryBase : nil, dropout: dropout, hasBias: bias,
      weightInit: weightInit, biasInit: biasInit)
    return try attention.lower(x, memory: x, mask: seen, &b)
  }
}
