package import NNGraph

/// Turns values into a value, and declares the parameters it needs.
///
/// Shapes are those of one sample; batches, gradients, threads and memory are others' business.
package protocol Layer: Kind {
  /// The names it takes its values from where its own fields say so, as `concat` has it; nil where
  /// it takes one value from `from` or the layer before.
  var ownReferences: [String]? { get }

  /// The names of what it takes besides, such as the memory that attention looks at; their values
  /// follow the others.
  var furtherReferences: [String] { get }

  /// Whether its values may be indices, such as words to look up.
  var takesIndices: Bool { get }

  /// The target it predicts, where it is as wide as one.
  var predictedTarget: String? { get }

  func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value
}

extension Layer {
  package var ownReferences: [String]? { nil }
  package var furtherReferences: [String] { [] }
  package var takesIndices: Bool { false }
  package var predictedTarget: String? { nil }
}
