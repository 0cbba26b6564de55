import NNGraph
package import NNModel

/// A gated recurrent unit: with r, z = σ(W x + U h + b), n = tanh(W x + b + r (U h + b′)) and
/// h′ = (1 − z) n + z h.
///
/// Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder" (2014), with r applied
/// after the product as PyTorch does it (Keras's reset_after). Gates lie in the order r, z, n.
///
/// - input: [batch, steps, features]
/// - output: [batch, directions · units], or [batch, steps, directions · units]
/// - parameters: see ``RecurrentLayer``, with three gates
package struct GRU: RecurrentLayer {
  package static let word = "gru"
  package static let summary =
    "Reads a sequence [steps, features] with a state that gates reset and update; smaller than an "
    + "lstm. Gives the last state, or those of all steps."
  package static let example = "gru: {units: 64, bidirectional: true}"

  @Field("How many numbers a state has.", principal: true, range: .atLeast(1))
  package var units: Int
  @Field(
    "Layers one above the other; each but the first reads the states of the one below.",
    range: .between(1, 1000))
  package var layers = 1
  @Field("Whether a second scan reads the steps backwards; its states stand behind the others.")
  package var bidirectional = false
  @Field(
    "Whether it gives the state after every step, [steps, units], instead of the last one, [units] "
      + "(Keras's return_sequences).")
  package var sequence = false
  @Field(
    "The share of the states between two layers that training sets to zero (PyTorch's dropout).",
    range: .from(0, below: 1))
  package var dropout = 0.0
  @Field("Whether the gates add learned numbers: one for the inputs, one for the state.")
  package var bias = true
  @Field(
    "How the weights of the inputs begin; uniform within 1/√units where not given, as PyTorch's.")
  package var weightInit: (any Initializer)? = nil
  @Field(
    "How the weights of the state begin; uniform within 1/√units where not given, as PyTorch's.")
  package var recurrentInit: (any Initializer)? = nil
  @Field("How the biases begin; uniform within 1/√units where not given, as PyTorch's.")
  package var biasInit: (any Initializer)? = nil

  package init() {}

  var cell: RecurrentCell { .gru }
}
