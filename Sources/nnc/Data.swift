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
        nnc data --sheet photos.png models/photos.yaml
      """)

  @Argument(help: "The model file.")
  var file: String

  @Option(help: "Divide the rows with this seed instead of the file's.")
  var seed: Int?

  @Option(
    help: """
      Draw images of the samples to train on, and what random transforms make of them, into a new PNG \
      file.
      """)
  var sheet: String?

  @Flag(help: "Print one JSON document on standard output.")
  var json = false

  func validate() throws {
    if let seed, seed < 0 { throw ValidationError("--seed must be at least 0, found \(seed).") }
  }

  func run() throws {
    let checked = lookAtData(file, seed: seed, drawsImages: sheet != nil)
    report(checked)
    guard let look = checked.value, !checked.hasErrors else {
      Console.error(
        summary(
          errors: checked.diagnostics.errorCount, warnings: checked.diagnostics.warningCount,
          files: 1))
      throw Failure.reported
    }
    try sheet.map { try draw(look, to: $0) }
    Console.out(json ? look.json.serialized(pretty: true) : DataLookText(look).text)
  }

  /// Writes the sheet of pictures, never over a file that is there.
  private func draw(_ look: DataLook, to path: String) throws {
    guard let sheet = look.sheet else {
      throw Failure.input(
        "'\(file)' has no input that is an image, so there is nothing to draw",
        help: "Images are inputs of type: image.")
    }
    let png: [UInt8]
    do throws(CanvasProblem) {
      png = try sheet.canvas.png()
    } catch {
      throw Failure.input("the pictures cannot be drawn: \(error.message)")
    }
    if case .failure(let failure) = writeNewFile(path, png) {
      throw Failure.input(
        "'\(path)' cannot be written: \(failure.message)",
        help: failure.isThere ? "Nothing is written over; name another file." : nil)
    }
    Console.error("wrote \(sheet.pictureCount) pictures to \(path)")
  }
}
