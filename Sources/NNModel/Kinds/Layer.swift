package import NNGraph
package import NNTensor

/// Turns values into a value, and declares the parameters it needs.
///
/// Shapes are those of one sample; batches, gradients, threads and memory are others' business.
package protocol Layer: Kind {
  /// The names it takes its values from where its own fields say so, as `concat` has it; nil where
  /// it takes one value from `from` or the layer before.
  var ownReferences: [String]? { get }

  /// The target it predicts, where it is as wide as one.
  var predictedTarget: String? { get }

  func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value
}

extension Layer {
  package var predictedTarget: String? { nil }
  package var ownReferences: [String]? { nil }
}

/// What a layer builds with: the graph, and its own name in it.
package struct LayerBuilder {
  package var g: GraphBuilder
  /// The layer's id with those of the layers around it: `residual_1.dense_2`.
  package let path: String
  /// Targets by name, for layers that are as wide as one.
  package let targets: [String: TargetType]
  let seed: UInt64
  let isFrozen: Bool

  /// A tensor that training changes.
  ///
  /// - name: the last part of its name in a checkpoint, such as `weight`.
  /// - shape: weights as `[out, in, …]`.
  package mutating func parameter(
    _ name: String, _ shape: Shape, role: ParameterRole,
    initializer: any ParameterInitializer
  ) -> Value {
    g.parameter(
      "\(path).\(name)", shape, role: role, isTrained: !isFrozen, initializer: initializer)
  }

  /// A tensor that is kept across steps but not trained, such as a running mean.
  package mutating func state(_ name: String, filledWith value: Float, _ shape: Shape) -> Value {
    g.parameter("\(path).\(name)", shape, role: .state, initializer: FilledWith(value: value))
  }

  /// Whether the graph is for training.
  package var isTraining: Bool { g.isTraining }

  /// Random numbers of this layer's own.
  package func randomStream(_ purpose: String) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, name: path)
  }

  package func shape(_ value: Value) -> Shape { g.shape(value) }

  /// A vector along an axis of a sample, repeated to a sample's shape.
  package mutating func broadcast(_ vector: Value, like x: Value, axis: Int) -> Expression {
    .value(g.make(Broadcast(to: g.shape(x), axes: [axis]), vector))
  }
}

/// All elements the same.
package struct FilledWith: ParameterInitializer {
  package let value: Float

  package init(value: Float) { self.value = value }

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    Tensor(shape, filledWith: value)
  }
}
