package import NNGraph
package import NNPlan
import NNTensor

extension GraphBuilder {
  /// y = W x + b.
  package mutating func dense(_ x: Value, _ name: String, units: Int) -> Value {
    let shape = shape(x)
    let width = shape[shape.rank - 1]
    let weight = testParameter("\(name).weight", [units, width])
    let bias = testParameter("\(name).bias", [units], role: .bias)
    let y = make(Linear(), x, weight)
    let result = self.shape(y)
    return elementwise(
      .value(y) + .value(make(Broadcast(to: result, axes: [result.rank - 1]), bias)))
  }

  /// A 3×3 convolution that keeps the size, with a bias.
  package mutating func convolution(_ x: Value, _ name: String, filters: Int) -> Value {
    let weight = testParameter("\(name).weight", [filters, shape(x)[0], 3, 3])
    let bias = testParameter("\(name).bias", [filters], role: .bias)
    let geometry = ConvolutionGeometry(
      kernel: (3, 3), padTop: 1, padLeft: 1, padBottom: 1, padRight: 1)
    let y = make(Convolution(geometry), x, weight)
    return elementwise(.value(y) + .value(make(Broadcast(to: shape(y), axes: [0]), bias)))
  }

  package mutating func pooled(_ x: Value) -> Value {
    make(Pool(.largest, .init(kernel: (2, 2), stride: (2, 2))), x)
  }

  /// Zeros a fifth of the values, as the layer does.
  package mutating func dropout(_ x: Value, _ name: String) -> Value {
    let stream = RandomStream(seed: 4, purpose: "dropout", name: name)
    let random = make(RandomUniform(stream), x)
    let isKept = Expression.binary(.greaterEqual, .value(random), 0.2)
    return elementwise(.value(x) * (isKept * 1.25))
  }

  /// As the layer has it in training, with running statistics.
  package mutating func batchNorm(_ x: Value, _ name: String) -> Value {
    let channels = shape(x)[0]
    let gain = testParameter("\(name).gain", [channels], role: .gain)
    let offset = testParameter("\(name).offset", [channels], role: .offset)
    let running = testParameter("\(name).running_mean", [channels], role: .state)
    let moments = batchMoments(x)
    update(running, to: elementwise(0.9 * .value(running) + 0.1 * .value(moments.mean)))
    let scale = elementwise(.value(gain) * rsqrt(.value(moments.variance) + 1e-5))
    let shift = elementwise(.value(offset) - .value(moments.mean) * .value(scale))
    func spread(_ value: Value) -> Expression {
      .value(make(Broadcast(to: shape(x), axes: [0]), value))
    }
    return elementwise(.value(x) * spread(scale) + spread(shift))
  }

  /// Ends a graph: the value is an output, its weighted sum the loss.
  package mutating func ended(by value: Value, rows: Int) -> GraphCase {
    output("end", value)
    let loss = weightedSum(value)
    output("loss", loss)
    return GraphCase(graph, loss: loss, rows: rows)
  }
}

extension GraphCase {
  /// The same with the gradients of all parameters.
  package var differentiated: GraphCase {
    guard let loss else { return self }
    var copy = self
    copy.graph = NNPlan.differentiated(graph, loss: loss, isTrained: { _ in true })
    return copy
  }
}

extension Plan {
  package var nodes: [Graph.Node] { phases.flatMap { $0.nodes + $0.collectives } }

  /// The names of the ops that run, in order.
  package var opNames: [String] { nodes.map { "\(type(of: $0.op))" } }

  package func count(_ name: String) -> Int { opNames.count { $0 == name } }
}
