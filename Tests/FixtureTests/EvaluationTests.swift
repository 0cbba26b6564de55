import NNCatalogue
import NNDiagnostics
import NNEngine
import NNGraph
import NNModel
import NNPlan
import NNTensor
import NNTraining
import NNYAML
import Testing

@testable import NNData

/// The figures of the metric fixtures once more, as an evaluation tells them of a model: with
/// classes from logits, numbers that were scaled, and samples in runs and shards.
@Suite struct EvaluationTests {
  @Test(
    arguments: try MetricFixture.all().filter {
      ["classes", "classes-two", "sequences-whole", "numbers", "number-offset"].contains($0.name)
    })
  func `an evaluation gives the figures of what a model predicts`(_ fixture: MetricFixture) throws {
    let (figures, names) = try fixture.evaluate()
    for (figure, name) in zip(fixture.figures, names) {
      guard let expected = figure.value.number else {
        #expect(figures.tables.first { $0.name == name }?.table == figure.value.table)
        continue
      }
      let found = try #require(figures[name])
      let isClose = abs(found - expected) <= 1e-4 * max(abs(expected), 1e-3)
      #expect(isClose || (found.isNaN && expected.isNaN), "\(figure.metric): \(found)")
    }
  }
}

extension MetricFixture {
  /// What the model's only layer takes and gives, for one sample.
  private var outputs: Shape {
    guard case .category(let classes, let shape) = target else { return target.shape }
    return Shape(shape.sizes + [classes?.count ?? 0])
  }

  private var offset: Double { 3 }
  private var factor: Double { 0.5 }

  private func scaled(_ rows: [[Float]]) -> [Float] {
    rows.joined().map { Float((Double($0) - offset) * factor) }
  }

  /// The evaluation of a model that predicts the fixture's predictions.
  fileprivate func evaluate() throws -> (figures: Figures, names: [String]) {
    let names = figures.indices.map { "figure\($0)" }
    let metrics = zip(figures, names).map { figure, name in
      let text = figure.metric.contains(":") ? figure.metric : "\(figure.metric):"
      return "  - \(text)\n    id: \(name)"
    }
    let isCategory = target.dataType == .int32
    let text = """
      nnc: 1
      data: {}
      model: [{activation: identity}]
      loss: \(isCategory ? "cross_entropy" : "mse")
      optimizer: {sgd: 0.1}
      train: {epochs: 1}
      metrics:
      \(metrics.joined(separator: "\n"))
      """
    let parsed = parseYAML(bytes: Array(text.utf8), name: "fixture.yaml")
    var reader = Reader(file: "fixture.yaml", catalogue: .standard)
    reader.diagnostics = parsed.diagnostics
    let schema = DataSchema(
      inputs: [.init(name: "x", shape: outputs, dataType: .float32, range: .beginning)],
      targets: [.init(name: "y", type: target, range: .beginning)])
    let spec = parsed.node.flatMap { reader.readModel($0) }
    let lowered = spec.flatMap { reader.lower($0, schema, mode: .inference) }
    #expect(reader.diagnostics.map(\.message) == [])
    let model = try #require(lowered)
    let evaluator = Evaluator(
      model, metrics: try #require(spec).metrics, preprocessing: preprocessing,
      batch: 32, store: ParameterStore(Plan(model.graph).parameters), pool: WorkerPool(threads: 2))
    return (try evaluator.evaluate(SampleTable(samples, for: model.graph)), names)
  }

  /// Of numbers, with a scaling to undo; of categories nothing is to be done.
  private var preprocessing: Preprocessing {
    let width = target.shape.count
    let feature = FittedFeature(
      name: "y", columns: ["y"], shape: target.shape,
      content: .number(
        Scaling(
          word: "standard", offsets: .init(repeating: offset, count: width),
          factors: .init(repeating: factor, count: width))),
      missing: .error)
    return Preprocessing(format: .cells(CSVFormat()), inputs: [], targets: [feature])
  }

  private var samples: Samples {
    let isCategory = target.dataType == .int32
    let logits = predictions.joined().map { Float(UnaryFunction.log(max(Double($0), 1e-30))) }
    let inputs = isCategory ? logits : scaled(predictions)
    let truth: FeatureArray.Storage =
      isCategory ? .index(Array(labels.joined())) : .float(scaled(truths))
    return Samples(
      count: predictions.count,
      inputs: [FeatureArray(name: "x", sampleShape: outputs, storage: .float(inputs))],
      targets: [FeatureArray(name: "y", sampleShape: target.shape, storage: truth)])
  }
}
