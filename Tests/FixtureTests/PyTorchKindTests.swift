import NNCatalogue
import NNDiagnostics
import NNGraph
import NNModel
import NNPlan
import NNTensor
import NNTestSupport
import NNYAML
import Testing

/// Values and gradients of kinds beside PyTorch's; see Scripts/fixtures/README.md.
@Suite struct PyTorchKindTests {
  @Test(arguments: try KindFixture.all())
  func `a kind gives PyTorch's values and gradients`(_ fixture: KindFixture) throws {
    // The engine's kernels in one piece, and cut where that makes a difference and is allowed.
    let isWhole = try fixture.lowered().graph.needsWholeBatch
    let halves = isWhole ? fixture.rows : (fixture.rows + 1) / 2
    for (shardRows, threads) in [(fixture.rows, 1), (halves, 2)] {
      let results = try fixture.run(shardRows: shardRows, threads: threads)
      for (name, expected) in fixture.expectations {
        let found = try #require(results[name], "no \(name); there are \(results.keys.sorted())")
        let tolerance: Float = name.hasPrefix("gradient.") ? 1e-4 : 1e-5
        let scale = max(expected.map { abs($0) }.max() ?? 0, 0.01)
        #expect(found.count == expected.count, "\(name)")
        let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(
          difference <= tolerance * scale,
          "\(name) is off by \(difference) of \(scale) in shards of \(shardRows)")
        #expect(found.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test(arguments: try KindFixture.all())
  func `a kind gives the same bits for any number of threads`(_ fixture: KindFixture) throws {
    let rows = try fixture.lowered().graph.needsWholeBatch ? fixture.rows : 1
    let one = try fixture.run(shardRows: rows, threads: 1)
    for threads in [2, 3] {
      let other = try fixture.run(shardRows: rows, threads: threads)
      #expect(other.mapValues { $0.map(\.bitPattern) } == one.mapValues { $0.map(\.bitPattern) })
    }
  }
}

extension KindFixture {
  /// What must come out, by name.
  fileprivate var expectations: [(String, [Float])] {
    tensors.filter { name, _ in
      name == "output" || name.hasPrefix("gradient.") || name.hasPrefix("next.")
    }.map { ($0.key, $0.value.values) }.sorted { $0.0 < $1.0 }
  }

  fileprivate func lowered() throws -> LoweredModel {
    let entries = layers.map { "  - \($0)" }.joined(separator: "\n")
    let text = """
      nnc: 1
      data: {}
      model:
      \(entries)
      loss: \(loss.map { "{\($0)}" } ?? "mse")
      optimizer: {sgd: 0.1}
      train: {epochs: 1}
      """
    let parsed = parseYAML(bytes: Array(text.utf8), name: "fixture.yaml")
    var reader = Reader(file: "fixture.yaml", catalogue: .standard)
    reader.diagnostics = parsed.diagnostics
    // Without a loss of its own the output is compared with numbers of its shape.
    let output = try #require(tensors["output"])
    let ofShape = TargetType.number(Shape(Array(output.shape.sizes.dropFirst())))
    let target = loss == nil ? ofShape : target
    let schema = DataSchema(
      inputs: inputs.map {
        .init(
          name: $0.name, shape: $0.shape, dataType: $0.dataType, classes: $0.classes,
          range: .beginning)
      },
      targets: target.map { [.init(name: "y", type: $0, range: .beginning)] } ?? [])
    let spec = parsed.node.flatMap { reader.readModel($0) }
    let model = spec.flatMap {
      reader.lower($0, schema, mode: isTraining ? .training : .inference)
    }
    return try #require(model, "\(reader.diagnostics.map(\.message))")
  }

  /// The output, the gradients of its product with the cotangent, and the states' next values.
  fileprivate func run(shardRows: Int, threads: Int) throws -> [String: [Float]] {
    let model = try lowered()
    var graph = withFusedCrossEntropy(model.graph)
    graph.outputs = []
    var g = GraphBuilder(extending: graph)
    let output = loss == nil ? model.heads[0].prediction : model.terms[0].sampleLoss
    let cotangent = g.input("cotangent", g.type(output))
    let product = g.elementwise(.value(output) * .value(cotangent))
    let rank = g.shape(output).rank
    let sum = g.make(ReduceSum(axes: Array(0..<rank), rank: rank, overBatch: true), product)

    let numbers = graph.inputs.filter {
      graph.type($0.value).dataType == .float32 && !$0.name.hasPrefix("target.")
    }
    let trained = graph.parameters.filter(\.isTrained)
    let gradients = g.addGradients(
      of: sum, withRespectTo: numbers.map(\.value) + trained.map(\.value))
    var names = ["output"]
    g.output("output", output)
    for input in numbers {
      guard let gradient = gradients[input.value] else { continue }
      names.append("gradient.input.\(input.name)")
      g.output("gradient.\(input.name)", gradient)
    }
    g.output("loss", sum)
    g.setGradients(
      trained.compactMap { parameter in
        gradients[parameter.value].map { .init(parameter: parameter.value, gradient: $0) }
      })

    var data: [Value: [Double]] = [:]
    for input in g.graph.inputs {
      let key =
        input.name.hasPrefix("target.")
        ? "target" : input.name == "cotangent" ? "cotangent" : "input.\(input.name)"
      // What nothing compares with may be anything.
      let count = g.type(input.value).count(rows: rows)
      data[input.value] =
        tensors[key]?.values.map { Double($0) } ?? [Double](repeating: 0, count: count)
    }
    for parameter in g.graph.parameters {
      let tensor = try #require(tensors["parameter.\(parameter.name)"], "\(parameter.name)")
      try #require(
        tensor.shape == g.shape(parameter.value),
        "\(parameter.name) is \(g.shape(parameter.value)), PyTorch's \(tensor.shape)")
      data[parameter.value] = tensor.values.map { Double($0) }
    }
    let test = GraphCase(graph: g.graph, loss: sum, rows: rows, data: data)
    let result = try execute(test, shardRows: shardRows, threads: threads)
    var results = Dictionary(uniqueKeysWithValues: zip(names, result.outputs))
    for (name, values) in result.gradients { results["gradient.\(name)"] = values }
    for (name, values) in result.states { results["next.\(name)"] = values }
    return results
  }
}
