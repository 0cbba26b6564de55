package import NNGraph
package import NNModel
import NNTensor

/// y = W_down (f(W_gate x) · W_up x); Shazeer, "GLU Variants Improve Transformer" (2020).
///
/// - input, output: [batch, …, features]
/// - parameters: gate.weight and up.weight [units, features], down.weight [features, units]; and a
///   bias of each where asked for
package struct GatedFeedForward: Layer {
  package static let word = "gated_feed_forward"
  package static let summary = """
    The two layers between attentions, the first with a gate: y = down(f(gate(x)) · up(x)), as wide \
    as its input.
    """

  package enum Function: String, WordChoice {
    case swiglu
    case geglu
    case reglu

    fileprivate func formula(_ x: Expression) -> Expression {
      switch self {
      case .swiglu: SiLU().formula(x)
      case .geglu: GELU().formula(x)
      case .reglu: ReLU().formula(x)
      }
    }
  }

  @Field(
    "The width between: outputs of the gate and of what it gates.", principal: true,
    range: .atLeast(1))
  package var units: Int
  @Field("The gate's function: swiglu is x · σ(x), geglu the exact gelu, reglu a rectifier.")
  package var function = Function.swiglu
  @Field("Whether the three projections add a learned number to each output.")
  package var bias = false
  @Field("How the weights begin.")
  package var weightInit: any Initializer = GlorotUniform()
  @Field("How the biases begin.")
  package var biasInit: any Initializer = Zeros()

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    guard let features = b.shape(x).sizes.last else {
      throw ShapeError("'gated_feed_forward' needs a vector [features], found a single number")
    }
    try b.checkSize(Shape(b.shape(x).sizes.dropLast() + [units]))
    let gate = try projected(x, "gate", units, &b)
    let up = try projected(x, "up", units, &b)
    let gated = b.g.elementwise(function.formula(.value(gate)) * .value(up))
    return try projected(gated, "down", features, &b)
  }

  private func projected(
    _ x: Value, _ name: String, _ units: Int, _ b: inout LayerBuilder
  ) throws(ShapeError) -> Value {
    try b.projected(
      x, name, units, weightInit: weightInit, biasInit: bias ? biasInit : nil)
  }
}
