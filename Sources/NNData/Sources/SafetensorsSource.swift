package import NNModel

package struct SafetensorsSource: Source {
  package static let word = "safetensors"
  package static let summary = """
    Tensors of a safetensors file as columns; their first axis are the rows, and must be of one size.
    """
  package static let example =
    "safetensors: {path: embeddings.safetensors, arrays: {vector: embedding, label: label}}"
  package static let extensions = [".safetensors"]

  @Field(
    "The file, relative to the model file; with a star in its name several as one table.",
    principal: true)
  package var path: Located<String>

  @Field("The tensors that become columns, by the names of these; by default all.")
  package var arrays: NamedTexts? = nil

  package init() {}

  package var files: [Located<String>] { [path] }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    let format = SafetensorsFormat(arrays: arrays.map { Array($0) })
    return path.read(
      as: .typed(format), amount, baseDirectory: baseDirectory, &reader)
  }
}
