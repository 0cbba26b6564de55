package import NNModel

package struct NumPySource: Source {
  package static let word = "numpy"
  package static let summary = """
    Arrays that NumPy wrote; the first axis are the rows. A .npy file is one column named 'values', \
    or columns that 'columns' names; a .npz file has a column for each of its arrays. Numbers of \
    all widths, booleans and texts are read, pickled objects are not.
    """
  package static let example =
    "numpy: {path: digits.npz, arrays: {pixels: x_train, label: y_train}}"
  package static let extensions = [".npy", ".npz"]

  @Field(
    "The file, relative to the model file; with a star in its name several as one table.",
    principal: true)
  package var path: Located<String>

  @Field("The names of the columns of an array of two axes, each then a number a row.")
  package var columns: [Located<String>]? = nil

  @Field("The arrays of a .npz file that become columns, by the names of these; by default all.")
  package var arrays: NamedTexts? = nil

  package init() {}

  package var files: [Located<String>] { [path] }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    var seen: Set<String> = []
    for name in columns ?? [] where !seen.insert(name.value).inserted {
      reader.error(
        "duplicate-column-name", "two columns are named '\(name.value)'", at: name.range,
        help: "Rename one.")
      return nil
    }
    let format = NumPyFormat(columns: columns?.map(\.value), arrays: arrays.map { Array($0) })
    return path.read(
      as: .typed(format), amount, baseDirectory: baseDirectory, &reader)
  }
}
