package import NNModel

package struct LibSVMSource: Source {
  package static let word = "libsvm"
  package static let summary = """
    Sparse rows as LIBSVM and SVMlight write them: a label, then index:value for each feature that is \
    not zero. Its columns are 'label', 'features' (all of them, zeros too) and, where rows have one, \
    'qid'. Files ending in .gz or .zst are decompressed.
    """
  package static let example = "libsvm: {path: spam.libsvm, features: 57}"
  package static let extensions = [".libsvm", ".svm", ".svmlight"]
  package static let mayBeCompressed = true

  @Field(
    "The file, relative to the model file; with a star in its name several as one table.",
    principal: true)
  package var path: Located<String>

  @Field(
    "How many features a row has; by default as many as the greatest index tells.",
    range: .between(1, 16_777_216))
  package var features: Int? = nil

  @Field(
    "The index of the first feature; by default 0 where that index occurs, else 1.",
    range: .between(0, 1))
  package var first: Int? = nil

  package init() {}

  package var files: [Located<String>] { [path] }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    let format = LibSVMFormat(features: features, first: first)
    return path.read(
      as: .typed(format), amount, baseDirectory: baseDirectory, &reader)
  }
}
