package import NNGraph
package import NNModel
import NNTensor

/// y = x + a vector for each position.
///
/// - input, output: [batch, …, length, features]
/// - parameters, where learned: weight [length, features]
package struct PositionEmbedding: Layer {
  package static let word = "position_embedding"
  package static let summary = """
    Adds a vector to each place of a sequence, so that what follows knows where it stands: a learned \
    one, or waves of many lengths (Vaswani et al., 2017).
    """

  package enum Form: String, WordChoice {
    case learned
    case sinusoidal
  }

  @Field("Where the vectors come from.", principal: true)
  package var form = Form.learned
  @Field("Of waves, how much longer the longest is than the shortest.", range: .atLeast(1))
  package var base = 10_000.0
  @Field("How learned vectors begin; if not given, with deviation 0.02.")
  package var weightInit: any Initializer = normal(deviation: 0.02)

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    let shape = b.shape(x)
    guard shape.rank >= 2 else {
      throw ShapeError(
        "'position_embedding' needs a sequence [length, features], found \(shape)")
    }
    try b.checkSize(shape)
    let (length, features) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let table =
      switch form {
      case .learned:
        b.parameter("weight", [length, features], role: .weight, initializer: weightInit)
      case .sinusoidal:
        b.g.make(Sinusoids(positions: length, features: features, base: base))
      }
    let spread = b.g.make(Broadcast(to: shape, axes: [shape.rank - 2, shape.rank - 1]), table)
    return b.g.elementwise(.value(x) + .value(spread))
  }
}
