import ArgumentParser
import NNData
import NNJSON
import NNTraining

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts from raw rows.",
    discussion: """
      Prints a line for each row: of categories the class and the probability of each, of numbers \
      the number in its own unit. Columns the model does not need are ignored. Of a text it prints \
      a line for each window, the last one ending with the text: the character that follows it.

        nnc predict runs/iris/1/best.safetensors datasets/iris.csv
        cat rows.csv | nnc predict --format jsonl runs/iris/1/best.safetensors -
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl
  }

  @Argument(help: "The checkpoint.")
  var checkpoint: String

  @Argument(help: "A file of rows with the columns of the model's inputs; - is standard input.")
  var data: String

  @Option(help: "What to print: csv or jsonl.")
  var format = Format.csv

  @OptionGroup var threads: ThreadOption

  func run() throws {
    let model = try openTrainedModel(checkpoint, threads: threads.count)
    let table = try readTable(data, like: model)
    var left = 0
    for index in 0..<table.pieceCount {
      let piece = try requirePiece(index, of: table)
      let samples = try orReport { try model.samples(of: piece, needTargets: false) }
      let predictions = try orReport { try Predictions(model, samples.table) }
      left += piece.rowCount - samples.rows.count
      let text = text(of: predictions, isFirst: index == 0)
      if !text.isEmpty || index == 0 { Console.out(text) }
    }
    if left > 0 {
      Console.error("warning: \(left) rows with missing values were left out")
    }
  }

  /// - isFirst: whether nothing was printed before.
  private func text(of predictions: Predictions, isFirst: Bool) -> String {
    let lines: [String]
    switch format {
    case .csv:
      let rows = predictions.rows.map { $0.map(cell).joined(separator: ",") }
      lines = (isFirst ? [predictions.columns.map(quoted).joined(separator: ",")] : []) + rows
    case .jsonl:
      lines = predictions.rows.map { row in
        JSONValue.object(zip(predictions.columns, row).map { .init($0, $1) }).serialized()
      }
    }
    return lines.joined(separator: "\n")
  }

  private func cell(_ value: JSONValue) -> String {
    value.stringValue.map(quoted) ?? value.serialized()
  }

  /// Quoted where RFC 4180 asks for it.
  private func quoted(_ text: String) -> String {
    let isPlain = !text.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
    guard !isPlain else { return text }
    let doubled = text.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"\(doubled)\""
  }
}
