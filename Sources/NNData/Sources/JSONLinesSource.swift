package import NNModel

package struct JSONLinesSource: Source {
  package static let word = "jsonl"
  package static let summary = """
    JSON Lines: one object a line, whose keys are columns in the order in which they first appear. \
    Values are numbers, texts, true and false as words, and arrays of numbers of one shape; null, or \
    a key that a line lacks, is missing. Files ending in .gz or .zst are decompressed.
    """
  package static let example = "jsonl: flowers.jsonl"
  package static let extensions = [".jsonl", ".ndjson"]
  package static let mayBeCompressed = true

  @Field(
    "The file, relative to the model file; with a star in its name several as one table.",
    principal: true)
  package var path: Located<String>

  package init() {}

  package var files: [Located<String>] { [path] }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    path.read(
      as: .typed(JSONLinesFormat()), amount, baseDirectory: baseDirectory, &reader)
  }
}
