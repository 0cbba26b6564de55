package import NNGraph
package import NNModel
import NNTensor

/// y = t · h + (1 − t) · x with h = activation(W x + b) and t = sigmoid(Wₜ x + bₜ); Srivastava,
/// Greff and Schmidhuber, "Highway Networks" (2015).
///
/// - input, output: [batch, …, features]
/// - parameters: weight, gate_weight [features, features]; bias, gate_bias [features]
package struct Highway: Layer {
  package static let word = "highway"
  package static let summary =
    "Lets a learned gate decide for each feature how much of a dense layer's result to take and "
    + "how much of the input to carry on."

  @Field("The function of the dense layer.")
  package var activation: any Activation = ReLU()
  @Field(
    "What the gate's biases begin with; below 0, so that most of the input is carried on at first.")
  package var gateBias = -1.0
  @Field("How the weights begin.")
  package var weightInit: any Initializer = GlorotUniform()

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    guard let width = b.shape(x).sizes.last else {
      throw ShapeError("'highway' needs a vector [features], found a single number")
    }
    let transformed = try activation.lower(affine(x, "", 0, width, &b), &b)
    let gate = b.g.elementwise(sigmoid(.value(affine(x, "gate_", Float(gateBias), width, &b))))
    return b.g.elementwise(
      .value(gate) * .value(transformed) + (1 - .value(gate)) * .value(x))
  }

  private func affine(
    _ x: Value, _ prefix: String, _ bias: Float, _ width: Int, _ b: inout LayerBuilder
  ) -> Value {
    let weight = b.parameter(
      "\(prefix)weight", [width, width], role: .weight, initializer: weightInit)
    let offset = b.parameter(
      "\(prefix)bias", [width], role: .bias, initializer: FilledWith(value: bias))
    let y = b.g.make(Linear(), x, weight)
    return b.g.elementwise(
      .value(y) + b.broadcast(offset, like: y, axis: b.shape(y).rank - 1))
  }
}
