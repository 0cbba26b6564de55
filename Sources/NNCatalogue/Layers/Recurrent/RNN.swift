import NNGraph
package import NNModel

/// h′ = tanh(W x + U h + b); Elman, "Finding Structure in Time" (1990).
///
/// - input: [batch, steps, features]
/// - output: [batch, directions · units], or [batch, steps, directions · units]
/// - parameters: see ``RecurrentLayer``, with one gate
package struct RNN: RecurrentLayer {
  package static let word = "rnn"
  package static let summary =
    "Reads a sequence [steps, features] with a plain recurrent network: h' = tanh(W·x + U·h + b). "
    + "Gives the last state, or those of all steps."

  package enum Function: String, WordChoice {
    case tanh
    case relu
  }

  @Field("How many numbers a state has.", principal: true, range: .atLeast(1))
  package var units: Int
  @Field("The function a state passes through (PyTorch's nonlinearity).")
  package var activation = Function.tanh
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

  var cell: RecurrentCell { activation == .tanh ? .tanh : .relu }
}
