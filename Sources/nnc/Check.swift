import ArgumentParser
import NNDiagnostics
import NNJSON
import NNTraining

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells every problem in model files.",
    discussion: """
      Reads each file, the headers of its data, and checks names, types, ranges, references and \
      shapes. Ends with 0 if there are no errors, else with 1.

        nnc check models/*.yaml
        nnc check --no-data --json model.yaml
      """)

  @Argument(help: "The model files.")
  var files: [String]

  @Flag(name: .customLong("no-data"), help: "Do not look at the data.")
  var noData = false

  @Flag(help: "Print one JSON document on standard output.")
  var json = false

  func run() throws {
    var all: [Diagnostic] = []
    for file in files {
      let checked = checkModel(file, depth: noData ? .none : .header)
      all += checked.diagnostics
      if !json { NNC.report(checked) }
    }
    if json {
      Console.out(diagnosticsDocument(all).serialized(pretty: true))
    } else {
      Console.error(
        summary(errors: all.errorCount, warnings: all.warningCount, files: files.count))
    }
    if all.hasErrors { throw Failure.reported }
  }
}

extension NNC {
  /// The free function, which a command's own members would hide.
  static func report<Value>(_ checked: Checked<Value>) { nnc.report(checked) }
}
