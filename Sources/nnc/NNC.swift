import ArgumentParser
import Glibc
import NNDiagnostics

/// The command line: one file a command.
@main
struct NNC: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "nnc",
    abstract: "Trains neural networks from YAML files.",
    discussion: """
      A model file says everything that determines a model; training it twice gives the same \
      bytes.

        nnc init                        a model file to start from
        nnc check models/iris.yaml      every mistake at once, with its place
        nnc data models/iris.yaml       what is in its data
        nnc show models/iris.yaml       layers, shapes, parameters, cost
        nnc train models/iris.yaml      trains, and keeps the weights in runs/
        nnc verify models/iris.yaml     trains again: are the bytes those of its lock?
        nnc explain lstm                the manual of a word

      Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 the \
      input has problems, 2 wrong usage, 130 interrupted.
      """,
    version: version,
    subcommands: [
      Init.self, Check.self, Data.self, Show.self, Train.self, Evaluate.self, Predict.self,
      Inspect.self, Verify.self, Provenance.self, Cache.self, Explain.self, ReferenceManual.self,
    ])

  static func main() {
    Interruption.ignoreBrokenPipes()
    Interruption.tellOfCutFiles()
    do {
      try checkCommandName(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      try command.run()
    } catch let error as Failure {
      if let message = error.message { Console.error(message) }
      Glibc.exit(error.code)
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code == .success {
        Console.out(text)
      } else {
        Console.error(text)
      }
      // The parser's own code for wrong usage is 64; ours is 2 everywhere.
      Glibc.exit(code == .success ? 0 : 2)
    }
  }
}

extension NNC {
  /// The parser would call a misspelt command an unexpected argument.
  private static func checkCommandName(_ word: String?) throws(Failure) {
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    guard let word, !word.hasPrefix("-"), !names.contains(word) else { return }
    let suggestion = nearest(to: word, among: names).map { "; " + didYouMean($0) } ?? ""
    throw Failure(
      code: 2,
      message: "error: there is no command '\(word)'\(suggestion)\n  = help: See nnc --help.")
  }
}

/// Ends a command with a code, after saying why if that has not been said.
struct Failure: Error {
  let code: Int32
  let message: String?

  /// The person's input has problems, which were reported.
  static let reported = Failure(code: 1, message: nil)

  /// The person's input has one problem.
  static func input(_ message: String, help: String? = nil) -> Failure {
    Failure(
      code: 1, message: "error: \(message)" + (help.map { "\n  = help: \($0)" } ?? ""))
  }
}
