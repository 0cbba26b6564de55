import ArgumentParser
import NNData
import NNDiagnostics
import NNTraining

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a model file to start from.",
    discussion: """
      With a table it says which column is to be predicted, and gets a file with the columns as they \
      are: numbers scaled, words as categories, missing values filled, and what is of no use left out \
      with the reason. Without one it is a small network to play with. No file is overwritten.

        nnc init --from datasets/iris.csv --target species
        nnc init first.yaml
      """)

  @Argument(help: "The model file to write; by default the name of the data, or model.yaml.")
  var file: String?

  @Option(name: .customLong("from"), help: "A table of any kind that a model file reads.")
  var data: String?

  @Option(help: "The column that is to be predicted.")
  var target: String?

  func validate() throws {
    if data == nil, target != nil {
      throw ValidationError("--target says a column of the table that --from names.")
    }
  }

  func run() throws {
    let name = file ?? data.map { ModelDraft.name(ofData: $0) + ".yaml" } ?? "model.yaml"
    let text = try data.map { try draft(of: $0, for: name) } ?? ModelDraft.starter
    switch writeNewFile(name, text) {
    case .success: break
    case .failure(let failure):
      throw Failure.input(
        "cannot write '\(name)': \(failure.message)",
        help: "Give the file to write another name: nnc init OTHER.yaml …")
    }
    Console.error(
      """
      wrote \(name)
        nnc data \(name)     what is in the data
        nnc train \(name)
      """)
  }

  private func draft(of data: String, for file: String) throws -> String {
    let checked = TableLook.read(data)
    report(checked)
    guard let look = checked.value, !checked.hasErrors else { throw Failure.reported }
    let columns = look.columns.map(\.name)
    guard let target else {
      throw Failure.input(
        "which column is to be predicted?",
        help: "Say --target COLUMN; there are \(some(columns)).")
    }
    let draft = ModelDraft(
      name: ModelDraft.name(ofData: data), path: ModelDraft.path(to: data, from: file), look: look,
      target: target)
    guard let draft else {
      let suggestion = nearest(to: target, among: columns).map { "; " + didYouMean($0) } ?? ""
      throw Failure.input(
        "there is no column '\(target)' in '\(data)'\(suggestion)",
        help: "There are \(some(columns)).")
    }
    if let obstacle = draft.obstacle {
      throw Failure.input("\(obstacle), so nothing can be learnt")
    }
    return draft.text
  }
}
