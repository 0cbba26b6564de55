package import NNGraph

/// A function that a layer's result passes through.
package protocol Activation: Kind {
  /// - b: of the layer that the activation belongs to; its parameters are called
  ///   `activation.<name>`.
  func lower(_ x: Value, _ b: inout LayerBuilder) throws(ShapeError) -> Value
}

/// An activation that looks at each element by itself.
package protocol ElementwiseActivation: Activation {
  func formula(_ x: Expression) -> Expression
}

extension ElementwiseActivation {
  package func lower(_ x: Value, _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    b.g.elementwise(formula(.value(x)))
  }
}
