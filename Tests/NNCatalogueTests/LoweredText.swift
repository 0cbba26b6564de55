import NNCatalogue
import NNDiagnostics
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import NNYAML

/// What came of a model in a test.
struct Lowering {
  let model: LoweredModel?
  /// The messages of what was found wrong.
  let problems: [String]
}

/// Lowers layers that follow an input `x`, with the mean squared error of a target `y`.
///
/// - layers: as they stand in a file, one entry each.
/// - classes: how many there are, where the input is indices.
/// - target: as wide as the model's end in most tests.
func lower(
  _ layers: [String], input: Shape, classes: Int? = nil, target: TargetType,
  loss: String = "mse", mode: LoweringMode = .training
) -> Lowering {
  let text = """
    nnc: 1
    data: {}
    model:
    \(layers.map { "  - \($0)" }.joined(separator: "\n"))
    loss: \(loss)
    optimizer: {sgd: 0.1}
    train: {epochs: 1}
    """
  let parsed = parseYAML(bytes: Array(text.utf8), name: "test.yaml")
  var reader = Reader(file: "test.yaml", catalogue: .standard)
  reader.diagnostics = parsed.diagnostics
  let schema = DataSchema(
    inputs: [
      .init(
        name: "x", shape: input, dataType: classes == nil ? .float32 : .int32, classes: classes,
        range: .beginning)
    ],
    targets: [.init(name: "y", type: target, range: .beginning)])
  let spec = parsed.node.flatMap { reader.readModel($0) }
  let model = spec.flatMap { reader.lower($0, schema, mode: mode) }
  return Lowering(model: model, problems: reader.diagnostics.map(\.message))
}

extension LoweredModel {
  /// With random parameters and data.
  func testCase(rows: Int, seed: UInt64 = 3, classes: Int = 3) -> GraphCase {
    GraphCase(graph, loss: loss, rows: rows, seed: seed, classes: classes)
  }
}

/// A kind with some of its fields set.
func with<K: Kind>(_ kind: K, _ change: (inout K) -> Void) -> K {
  var copy = kind
  change(&copy)
  return copy
}

/// A layer as it stands in a file, without what may stand beside it.
func readLayer(_ text: String) -> (any Layer)? {
  let parsed = parseYAML(bytes: Array("{\(text)}".utf8), name: "test.yaml")
  var reader = Reader(file: "test.yaml", catalogue: .standard)
  return parsed.node.flatMap { reader.readKind($0, reader.catalogue.layers)?.instance }
}
