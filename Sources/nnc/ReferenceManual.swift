import ArgumentParser
import NNCheckpoint
import NNManual

struct ReferenceManual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Writes the language reference, made from the declarations of all kinds.",
    discussion: """
      Prints all pages, or writes each into a folder that is there.

        nnc reference --output Documentation/reference
      """)

  @Option(help: "A folder to write the pages into, one file each.")
  var output: String?

  func run() throws {
    let pages = Manual.standard.pages
    guard let output else {
      Console.out(pages.map(\.content).joined(separator: "\n"))
      return
    }
    for page in pages {
      do {
        try AtomicFile.write(page.content, to: "\(output)/\(page.name)")
      } catch {
        throw Failure.input("\(error)")
      }
    }
  }
}
