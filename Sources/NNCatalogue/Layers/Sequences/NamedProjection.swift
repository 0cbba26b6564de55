import NNGraph
import NNModel
import NNTensor

extension LayerBuilder {
  /// W x, or W x + b: one of several dense layers inside a layer.
  ///
  /// - x: [batch, …, in]
  /// - biasInit: how the bias begins; nil for none
  /// - result: [batch, …, units]
  /// - parameters: `<name>.weight` [units, in], `<name>.bias` [units]
  mutating func projected(
    _ x: Value, _ name: String, _ units: Int, weightInit: any Initializer,
    biasInit: (any Initializer)?
  ) throws(ShapeError) -> Value {
    let weight = parameter(
      "\(name).weight", [units, shape(x).sizes.last ?? 1], role: .weight, initializer: weightInit)
    let y = try g.apply(Linear(), x, weight)
    guard let biasInit else { return y }
    let bias = parameter("\(name).bias", [units], role: .bias, initializer: biasInit)
    return g.elementwise(.value(y) + broadcast(bias, like: y, axis: shape(y).rank - 1))
  }
}
