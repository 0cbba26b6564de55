import NNEngine
import NNGraph
package import NNJSON
import NNModel
import NNPlan
package import NNTensor

/// What a model is made of and what a step costs.
package struct ModelSummary: Sendable {
  package struct Layer: Sendable {
    package let path: String
    package let word: String
    package let depth: Int
    package let shape: Shape?
    package let weights: Int
    package let biases: Int
    /// Of one sample, forward.
    package let operations: Int
  }

  package let layers: [Layer]
  package let weights: Int
  package let biases: Int
  package let trained: Int
  /// Elements of running statistics.
  package let states: Int
  package let operations: Int
  package let batch: Int
  package let shards: Int
  package let stepOperations: Int
  package let stepBytes: Int
  /// The rows of an epoch that takes those of rare classes several times, where the data was read.
  package let oversampledRows: Int?

  package var parameters: Int { weights + biases }

  /// - threads: of the training whose memory is told.
  package init(_ model: CheckedModel, threads: Int) {
    let graph = model.lowered.graph
    let spec = model.file.spec
    var costs: [String: Int] = [:]
    for node in graph.nodes {
      costs[node.scope, default: 0] += graph.cost(of: node, rows: 1).operations
    }
    func count(_ path: String?, _ roles: Set<ParameterRole>) -> Int {
      graph.parameters.reduce(0) { sum, parameter in
        let isOwn = path.map { parameter.name.hasPrefix($0 + ".") } ?? true
        return isOwn && roles.contains(parameter.role)
          ? sum + graph.type(parameter.value).shape.count : sum
      }
    }
    layers = model.lowered.layers.map { layer in
      // What holds layers reports its own parameters only, such as a projection's.
      let isStructure = structureWords.contains(layer.word)
      let own = isStructure ? "\(layer.path).project" : layer.path
      return Layer(
        path: layer.path, word: layer.word, depth: layer.depth, shape: layer.shape,
        weights: count(own, [.weight, .gain]), biases: count(own, [.bias, .offset]),
        operations: costs[layer.path, default: 0])
    }
    weights = count(nil, [.weight, .gain])
    biases = count(nil, [.bias, .offset])
    states = count(nil, [.state])
    operations = graph.cost(rows: 1).operations
    batch = spec.train.batch
    oversampledRows = spec.train.oversample == nil ? nil : model.epochRowCount

    let plan = model.trainingPlan
    trained = plan.parameters.entries.filter(\.isUpdated).reduce(0) { $0 + $1.shape.count }
    let rows = model.shardRows(of: plan, batch: batch)
    shards = (batch + rows - 1) / rows
    stepOperations = plan.cost(rows: batch).operations
    let blocks = ShardBlocks(shards: shards, workers: threads)
    let copies = 1 + blocks.gradientCopies(workers: threads) + spec.copiesOfWeights
    let kept = spec.train.onNan == .rollback ? 2 : 1
    let states =
      OptimizerRun(spec.optimizer, plan.parameters).rule.stateElements(plan.parameters) * kept
    let memory = MemoryPlan(plan, rows: rows, passesGradients: blocks.length > 1)
    let arenas = plan.shardsWait ? shards : min(shards, threads)
    stepBytes =
      arenas * memory.arenaBytes + shards * memory.keptBytes + memory.sharedBytes
      + (plan.parameters.count * copies + states) * 4 + plan.narrowBytes
  }

  /// The summary as an object, with a forecast where there is one.
  package func json(with forecast: StepForecast?) -> JSONValue {
    guard case .object(var members) = json else { return json }
    if let oversampledRows { members.append(.init("epoch_rows", JSONValue(oversampledRows))) }
    if case .object(let times)? = forecast?.json { members += times }
    return .object(members)
  }

  private var json: JSONValue {
    [
      "layers": .array(
        layers.map { layer in
          [
            "id": .string(layer.path), "kind": .string(layer.word),
            "shape": layer.shape.map { .array($0.sizes.map { JSONValue($0) }) } ?? .null,
            "weights": JSONValue(layer.weights), "biases": JSONValue(layer.biases),
            "flops": JSONValue(layer.operations),
          ]
        }),
      "parameters": JSONValue(parameters), "trained": JSONValue(trained),
      "states": JSONValue(states), "flops_per_sample": JSONValue(operations),
      "batch": JSONValue(batch), "shards": JSONValue(shards),
      "flops_per_step": JSONValue(stepOperations), "memory": JSONValue(stepBytes),
    ]
  }
}

extension CheckedModel {
  /// Which layer or input feeds which layer, each pair once.
  package var layerEdges: [(from: String, to: String)] {
    let graph = lowered.graph
    var origin: [Value: String] = [:]
    for input in graph.inputs where !input.name.hasPrefix("target.") {
      origin[input.value] = input.name
    }
    var edges: [(from: String, to: String)] = []
    for node in graph.nodes {
      for input in node.inputs {
        // Numbers that several layers share, such as an epsilon, lead from nowhere.
        guard graph.type(input).isBatched, let from = origin[input], from != node.scope,
          !node.scope.isEmpty,
          !edges.contains(where: { $0.from == from && $0.to == node.scope })
        else { continue }
        edges.append((from, node.scope))
      }
      for output in node.outputs where !node.scope.isEmpty { origin[output] = node.scope }
    }
    return edges
  }
}
