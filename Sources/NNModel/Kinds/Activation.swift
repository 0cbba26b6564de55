package import NNGraph

/// A function that a layer's result passes through.
package protocol Activation: Kind {
  func lower(_ x: Value, _ g: inout GraphBuilder) throws(ShapeError) -> Value
}

/// An activation that looks at each element by itself.
package protocol ElementwiseActivation: Activation {
  func formula(_ x: Expression) -> Expression
}

extension ElementwiseActivation {
  package func lower(_ x: Value, _ g: inout GraphBuilder) throws(ShapeError) -> Value {
    g.elementwise(formula(.value(x)))
  }
}
