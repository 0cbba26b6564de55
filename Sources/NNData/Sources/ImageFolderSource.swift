package import NNModel

package struct ImageFolderSource: Source {
  package static let word = "image_folder"
  package static let summary = """
    Images in a folder, PNG or JPEG, one a row. The columns are image, label (the name of the folder \
    that an image lies in, right below the one named here) and path. Rows are in the order of their \
    labels, then of their paths; files that do not end in .png, .jpg or .jpeg are left alone. Images \
    are turned as their camera says, and decoded when they are asked for.
    """
  package static let example = "image_folder: photos"
  package static let extensions = ["/"] + ImageFormat.extensions

  @Field("The folder, relative to the model file; or one image.", principal: true)
  package var path: Located<String>

  package init() {}

  package var files: [Located<String>] { [path] }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    path.read(
      as: .typed(ImageFolderFormat()), amount, baseDirectory: baseDirectory, &reader)
  }
}
