import NNModel
import NNTraining

/// The layers of a model and who takes what from whom, as text for a drawing program.
struct LayerGraph {
  private let model: CheckedModel

  init(_ model: CheckedModel) {
    self.model = model
  }

  func text(_ format: Show.GraphFormat) -> String {
    let edges = model.layerEdges
    let nodes =
      model.schema.inputs.map { ($0.name, "\($0.name)") }
      + model.lowered.layers.map { layer in
        (layer.path, "\(layer.path)\(layer.shape.map { " \($0)" } ?? "")")
      }
    switch format {
    case .dot:
      let body =
        nodes.map { "  \"\($0.0)\" [label=\"\($0.1)\"];" }
        + edges.map { "  \"\($0.from)\" -> \"\($0.to)\";" }
      return "digraph model {\n  node [shape=box];\n" + body.joined(separator: "\n") + "\n}"
    case .mermaid:
      let numbers = Dictionary(
        nodes.enumerated().map { ($1.0, "n\($0)") }, uniquingKeysWith: { first, _ in first })
      let body =
        nodes.map { "  \(numbers[$0.0] ?? "")[\"\($0.1)\"]" }
        + edges.compactMap { edge in
          guard let from = numbers[edge.from], let to = numbers[edge.to] else { return nil }
          return "  \(from) --> \(to)"
        }
      return "flowchart TD\n" + body.joined(separator: "\n")
    }
  }
}
