package import NNGraph
package import NNModel

/// An activation by itself.
///
/// - input, output: [batch, …]
package struct ActivationLayer: Layer {
  package static let word = "activation"
  package static let summary = "Passes its input through an activation: - activation: relu."

  @Field("The activation.", principal: true)
  package var function: any Activation

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try function.lower(inputs[0], &b)
  }
}
