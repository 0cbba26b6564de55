import ArgumentParser
import NNDiagnostics
import NNJSON
import NNManual

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the manual of a word of the language, or of a finding's code.",
    discussion: """
      A word that may stand in several places, such as softmax, is told of each. An unknown word \
      ends with 1.

        nnc explain dense
        nnc explain unknown-field
      """)

  @Argument(
    help: "A layer, loss, field of the file or another word; or a code such as unknown-field.")
  var word: String

  @Flag(help: "Print one JSON document on standard output.")
  var json = false

  func run() throws {
    let manual = Manual.standard
    let entries = manual.entries(word)
    let codes = FindingCode.all.filter { $0.code == word }
    guard !entries.isEmpty || !codes.isEmpty else {
      let meant = manual.nearestWord(to: word)
      throw Failure.input(
        "the manual has no word '\(word)'" + (meant.map { "; " + didYouMean($0) } ?? ""),
        help: meant == nil
          ? "Documentation/reference lists every word; nnc --help lists the commands." : nil)
    }
    if json {
      let document: JSONValue = [
        "entries": .array(entries.map(\.json)), "codes": .array(codes.map(\.json)),
      ]
      Console.out(document.serialized(pretty: true))
      return
    }
    let renderer = ManualRenderer(isBold: Console.hasBoldResults)
    let parts = entries.map { renderer.text($0) } + codes.map { renderer.text($0) }
    Console.out(parts.joined(separator: "\n\n"))
  }
}
