package import NNModel

package struct ImageListSource: Source {
  package static let word = "image_list"
  package static let summary = """
    A table in a text file, as csv has it, with a header, one of whose columns holds paths of PNG or \
    JPEG images. That column becomes the images; the others stay what they are.
    """
  package static let example = "image_list: {path: photos.csv, column: file}"
  package static let extensions: [String] = []

  @Field("The list, relative to the model file.", principal: true)
  package var path: Located<String>

  @Field("The column that holds the paths.")
  package var column = "image"

  @Field("The folder that the paths are relative to; by default that of the list.")
  package var folder: String? = nil

  @Field("The character between two cells; by default a comma, or a tab for .tsv.")
  package var delimiter: Delimiter? = nil

  package init() {}

  package var files: [Located<String>] { [path] }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    path.read(as: .typed(format), amount, baseDirectory: baseDirectory, &reader)
  }

  var format: ImageListFormat {
    ImageListFormat(column: column, folder: folder, delimiter: delimiter?.byte)
  }
}
