package import NNGraph
package import NNTensor

/// A graph with everything that it is evaluated on.
package struct GraphCase: Sendable {
  package var graph: Graph
  /// What is differentiated, where something is.
  package var loss: Value?
  /// Samples in the batch.
  package var rows: Int
  /// Of each input and parameter, row major; indices as numbers.
  package var data: [Value: [Double]]

  package init(graph: Graph, loss: Value? = nil, rows: Int, data: [Value: [Double]]) {
    self.graph = graph
    self.loss = loss
    self.rows = rows
    self.data = data
  }

  /// Draws the data: of parameters and inputs around zero, of states above zero, of indices below
  /// a bound.
  package init(
    _ graph: Graph, loss: Value? = nil, rows: Int, seed: UInt64 = 1, classes: Int = 3
  ) {
    var generator = SeededGenerator(seed: seed)
    var data: [Value: [Double]] = [:]
    for parameter in graph.parameters {
      let domain: Domain =
        switch parameter.role {
        case .state: .range(0.5...1.5)
        case .gain: .range(0.5...1.5)
        case .weight, .bias, .offset: .range(-0.7...0.7)
        }
      let count = graph.type(parameter.value).count(rows: rows)
      data[parameter.value] = domain.values(count, &generator)
    }
    for input in graph.inputs {
      let type = graph.type(input.value)
      let domain: Domain = type.dataType == .int32 ? .indices(below: classes) : .range(-1...1)
      data[input.value] = domain.values(type.count(rows: rows), &generator)
    }
    self.init(graph: graph, loss: loss, rows: rows, data: data)
  }

  package func value(ofParameter name: String) -> Value? {
    graph.parameters.first { $0.name == name }?.value
  }
}

/// All zeros; tests set the values of parameters themselves.
package struct ZeroInitializer: ParameterInitializer {
  package init() {}

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    Tensor(shape, filledWith: 0)
  }
}

extension GraphBuilder {
  /// A trained parameter whose values a test gives.
  package mutating func testParameter(
    _ name: String, _ shape: Shape, role: ParameterRole = .weight
  ) -> Value {
    parameter(name, shape, role: role, initializer: ZeroInitializer())
  }

  /// The sum of a value with weights of its own, random but not trained, so that no gradient is
  /// hidden by symmetry; of batched values the mean over the batch.
  package mutating func weightedSum(_ x: Value) -> Value {
    let type = type(x)
    let axes = Array(0..<type.shape.rank)
    let weights = parameter(
      "weights of \(x.index)", type.shape, role: .weight, isTrained: false,
      initializer: ZeroInitializer())
    let spread = type.isBatched ? make(Broadcast(to: type.shape, axes: axes), weights) : weights
    let product = elementwise(.value(x) * .value(spread))
    guard !axes.isEmpty || type.isBatched else { return product }
    let sum = make(
      ReduceSum(axes: axes, rank: axes.count, overBatch: type.isBatched), product)
    return type.isBatched ? elementwise(.value(sum) * .value(inverseBatch())) : sum
  }
}
