import NNCatalogue
import NNDiagnostics
import NNGraph
import NNModel
import NNTensor
import NNYAML

/// What came of reading and lowering a model file.
struct Outcome {
  let spec: ModelSpec?
  let lowered: LoweredModel?
  let diagnostics: [Diagnostic]

  var messages: [String] { diagnostics.map(\.message) }

  /// The parameters as `name shape`, in order.
  var parameters: [String] {
    guard let graph = lowered?.graph else { return [] }
    return graph.parameters.map { "\($0.name) \(graph.type($0.value).shape)" }
  }

  /// The layers as `path shape`, in order.
  var layers: [String] {
    (lowered?.layers ?? []).map { "\($0.path) \($0.shape.map { "\($0)" } ?? "?")" }
  }
}

/// Reads a model whose file is given by its layers and what else it says.
///
/// - Parameters:
///   - layers: the lines under `model:`.
///   - rest: what replaces `loss: mse` and other keys of the file.
///   - inputs: the shapes of the inputs, by default one vector `x` of four numbers.
///   - targets: the types of the targets, by default one number `y`.
///   - mode: which graph to make.
/// - Returns: what came of it, with everything that was reported.
func model(
  _ layers: String, rest: String = "loss: mse\noptimizer: {sgd: 0.1}\ntrain: {epochs: 1}\n",
  inputs: [(String, Shape)] = [("x", [4])], targets: [(String, TargetType)] = [("y", .number([1]))],
  mode: LoweringMode = .training
) -> Outcome {
  let text = "nnc: 1\ndata: {}\nmodel:\n\(layers)\n\(rest)"
  let (node, problems) = parseYAML(SourceText(name: "model.yaml", text: text))
  var reader = Reader(file: "model.yaml", catalogue: .standard)
  reader.diagnostics = problems
  guard let node = node.flatMap({ reader.expanded($0) }), let spec = reader.readModel(node) else {
    return Outcome(spec: nil, lowered: nil, diagnostics: reader.diagnostics)
  }
  let schema = DataSchema(
    inputs: inputs.map {
      .init(name: $0.0, shape: $0.1, dataType: .float32, range: .beginning)
    },
    targets: targets.map { .init(name: $0.0, type: $0.1, range: .beginning) })
  let lowered = reader.lower(spec, schema, mode: mode)
  return Outcome(spec: spec, lowered: lowered, diagnostics: reader.diagnostics)
}
