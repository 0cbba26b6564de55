import ArgumentParser
import NNCheckpoint
import NNJSON
import NNTraining

struct Provenance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells where weights came from, and whether the files at hand are still the same.",
    discussion: """
      Holds what the checkpoint says of itself against the model file, each data file and the lock: \
      0 where all is the same, else 1 and what differs. A path in the checkpoint that leaves the \
      folder is opened only if the model file at hand has it too, or with --follow.

        nnc provenance runs/iris/1/best.safetensors
        nnc provenance --model models/iris.yaml best.safetensors
      """)

  @Argument(help: "The checkpoint.")
  var checkpoint: String

  @OptionGroup var origin: OriginOption

  @Flag(help: "Open the data files that the checkpoint names, wherever they are.")
  var follow = false

  @Flag(help: "Print one JSON document on standard output.")
  var json = false

  func run() throws {
    let report: OriginReport
    do throws(CheckpointError) {
      report = try OriginReport(
        of: checkpointFile(checkpoint), model: origin.modelFile(of: checkpoint),
        follows: follow)
    } catch {
      throw Failure.input(error.message)
    }
    if json {
      Console.out(report.json.serialized(pretty: true))
    } else {
      var table = TextTable([("provenance", false), ("", false)])
      for (key, value) in report.facts {
        table.add([key.rawValue.replacing("nnc.", with: ""), value])
      }
      Console.out(table.text + "\n")
      table = TextTable([("check", false), ("", false), ("finding", false)])
      for (what, path, finding) in report.checks { table.add([what, path, finding.text]) }
      Console.out(table.text)
      for note in report.notes { Console.out("\nnote: \(note)") }
    }
    if !report.isFlawless { throw Failure.reported }
  }
}
