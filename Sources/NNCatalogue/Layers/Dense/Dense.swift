package import NNGraph
package import NNModel
import NNTensor

/// y = activation(W x + b).
///
/// - input: [batch, …, in]
/// - output: [batch, …, units]
/// - parameters: weight [units, in], bias [units]
package struct Dense: Layer {
  package static let word = "dense"
  package static let summary =
    "Connects every input to every unit: y = activation(W·x + b). One unit is a single neuron."
  package static let example = "dense: {units: 64, activation: relu}"

  @Field(
    "How many outputs; or a target's name: as many as it has classes or values.",
    principal: true, range: .atLeast(1))
  package var units: Units
  @Field("The function each output passes through.")
  package var activation: any Activation = Identity()
  @Field("Whether each unit adds a learned number.")
  package var bias = true
  @Field("How the weights begin.")
  package var weightInit: any Initializer = GlorotUniform()
  @Field("How the biases begin.")
  package var biasInit: any Initializer = Zeros()

  package init() {}

  package var predictedTarget: String? { units.targetName }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    guard let width = b.shape(x).sizes.last else {
      throw ShapeError(
        "'dense' needs a vector [features], found a single number",
        help: "Put it into a vector first with reshape: [1].")
    }
    let count = try units.resolved(b)
    let weight = b.parameter("weight", [count, width], role: .weight, initializer: weightInit)
    var y = try b.g.apply(Linear(), x, weight)
    if bias {
      let offset = b.parameter("bias", [count], role: .bias, initializer: biasInit)
      y = b.g.elementwise(.value(y) + b.broadcast(offset, like: y, axis: b.shape(y).rank - 1))
    }
    return try activation.lower(y, &b)
  }
}
