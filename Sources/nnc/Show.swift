import ArgumentParser
import NNGraph
import NNJSON
import NNModel
import NNTensor
import NNTraining

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows a model's layers, shapes, parameters, arithmetic and memory.",
    discussion: """
      FLOPs and memory of a layer are those of one sample, forward; the last line tells those of a \
      training step, with parameters, gradients and the optimizer's state, and how long it takes \
      on this machine.

        nnc show models/digits-cnn.yaml
        nnc show --graph mermaid models/digits-cnn.yaml
      """)

  enum GraphFormat: String, ExpressibleByArgument, CaseIterable {
    case dot, mermaid
  }

  @Argument(help: "The model file.")
  var file: String

  @Option(help: "Print the layers as a graph instead: dot or mermaid.")
  var graph: GraphFormat?

  @Flag(help: "Print one JSON document on standard output.")
  var json = false

  @Flag(
    inversion: .prefixedNo,
    help: "Measure this machine for half a second and tell how long training takes.")
  var time = true

  @OptionGroup var threads: ThreadOption

  func run() throws {
    let model = try requireModel(file, depth: .header)
    if let graph {
      Console.out(LayerGraph(model).text(graph))
      return
    }
    let summary = ModelSummary(model, threads: threads.count)
    let forecast = time ? StepForecast(model, threads: threads.count) : nil
    if json {
      Console.out(summary.json(with: forecast).serialized(pretty: true))
    } else {
      Console.out(text(summary, model) + (forecast.map { "\n" + text($0, summary) } ?? ""))
    }
  }

  private func text(_ forecast: StepForecast, _ summary: ModelSummary) -> String {
    let threads = summary.shards == 1 ? 1 : forecast.threads
    let rate = forecast.secondsPerEpoch.map { "about \(shortDuration($0)) an epoch" }
    return """
      Training takes \(rate.map { "\($0), " } ?? "")\(rate == nil ? "about " : "")\
      \(shortDuration(forecast.secondsPerStep)) a step, with \(threads) \
      thread\(threads == 1 ? "" : "s") (measured on this machine in half a second)
      """
  }

  /// What an epoch is where it is not all rows once.
  private func epoch(_ summary: ModelSummary, _ model: CheckedModel) -> String {
    guard let target = model.file.spec.train.oversample else { return "" }
    let rows = summary.oversampledRows.map { "\(grouped($0)) rows" } ?? "as many rows as are needed"
    return "\nAn epoch takes \(rows), all classes of \(target) equally often"
  }

  private func text(_ summary: ModelSummary, _ model: CheckedModel) -> String {
    var table = TextTable([
      ("layer", false), ("kind", false), ("output", false), ("weights", true), ("biases", true),
      ("FLOPs", true), ("memory", true),
    ])
    for input in model.schema.inputs {
      table.add([
        input.name, "input", input.shape.map { "\($0)" } ?? "?", "", "", "",
        input.shape.map { scaled(Double($0.count * 4), "B") } ?? "",
      ])
    }
    for layer in summary.layers {
      table.add([
        String(repeating: "  ", count: layer.depth) + layer.path, layer.word,
        layer.shape.map { "\($0)" } ?? "", layer.weights == 0 ? "" : grouped(layer.weights),
        layer.biases == 0 ? "" : grouped(layer.biases),
        layer.operations == 0 ? "" : scaled(Double(layer.operations), ""),
        layer.shape.map { scaled(Double($0.count * 4), "B") } ?? "",
      ])
    }
    table.addRule()
    table.add([
      "total", "", "", grouped(summary.weights), grouped(summary.biases),
      scaled(Double(summary.operations), ""), "",
    ])
    return """
      \(model.file.spec.name)\(model.file.spec.description.map { ": \($0)" } ?? "")

      \(table.text)

      \(grouped(summary.parameters)) parameters (\(scaled(Double(summary.parameters * 4), "B"))), \
      of them \(grouped(summary.trained)) trained\
      \(summary.states == 0 ? "" : "; \(grouped(summary.states)) running statistics")
      A step of \(summary.batch) samples: \(scaled(Double(summary.stepOperations), "FLOP")) in \
      \(summary.shards) shard\(summary.shards == 1 ? "" : "s"), \
      \(scaled(Double(summary.stepBytes), "B")) of memory\(epoch(summary, model))
      """
  }
}
