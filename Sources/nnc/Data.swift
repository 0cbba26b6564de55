import ArgumentParser
import NNData
import NNDiagnostics
import NNJSON
import NNTraining

struct Data: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what nnc sees in a model's data.",
    discussion: """
      Files and their columns, the parts they are divided into with their classes, the first \
      samples after everything that is done to them, and what a person should look at before \
      training: rows that two parts share, columns that never change, name their row or say the target.

        nnc data models/iris.yaml
      """)

  @Argument(help: "The model file.")
  var file: String

  @Option(help: "Divide the rows with this seed instead of the file's.")
  var seed: Int?

  @Flag(help: "Print one JSON document on standard output.")
  var json = false

  func validate() throws {
    if let seed, seed < 0 { throw ValidationError("--seed must be at least 0, found \(seed).") }
  }

  func run() throws {
    let checked = lookAtData(file, seed: seed)
    report(checked)
    guard let look = checked.value, !checked.hasErrors else {
      Console.error(
        summary(
          errors: checked.diagnostics.errorCount, warnings: checked.diagnostics.warningCount,
          files: 1))
      throw Failure.reported
    }
    Console.out(json ? look.json.serialized(pretty: true) : DataLookText(look).text)
  }
}
