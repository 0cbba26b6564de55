import NNDiagnostics
import NNTensor

extension RawFeature {
  /// The rows of a column after what is done to all of them alike, reporting images that cannot become
  /// of one size. Nothing is decoded yet.
  ///
  /// - size: what every image must become.
  static func images(
    _ name: String, column: Int, of typed: TypedRows, in table: Table, _ pipeline: ImagePipeline,
    size: ImageSize, _ problems: inout TableProblems
  ) -> RawFeature {
    guard let rows = typed.columns[column].images, rows.rowCount > 0,
      rows.refusal(of: pipeline.rule) == nil
    else { return nothing(name, column) }
    return images(name, column: column, rows, in: table, pipeline, size: size, &problems)
  }

  /// The rows of columns of numbers, which are the pixels of images.
  static func images(
    _ numbers: RawFeature, in table: Table, _ pipeline: ImagePipeline, _ pixels: PixelColumns,
    size: ImageSize, _ problems: inout TableProblems
  ) -> RawFeature {
    let tensors: any TensorColumn
    switch numbers.values {
    case .numbers(let values): tensors = NumbersColumn(values, shape: [numbers.width])
    case .tensors(let column): tensors = column
    case .words, .characters, .filedNumbers, .filedWords:
      return nothing(numbers.name, numbers.columns[0])
    }
    guard let rows = ArrayImages(tensors, pixels), rows.rowCount > 0,
      rows.refusal(of: pipeline.rule) == nil
    else { return nothing(numbers.name, numbers.columns[0]) }
    var feature = images(
      numbers.name, column: numbers.columns[0], rows, in: table, pipeline, size: size, &problems)
    feature.missing = numbers.missing
    return feature
  }

  /// What is made where images cannot be, which is told elsewhere.
  private static func nothing(_ name: String, _ column: Int) -> RawFeature {
    RawFeature(name: name, columns: [column], values: .numbers([]), missing: [])
  }

  private static func images(
    _ name: String, column: Int, _ rows: any ImageRows, in table: Table,
    _ pipeline: ImagePipeline, size: ImageSize, _ problems: inout TableProblems
  ) -> RawFeature {
    var found = TableProblems()
    for row in 0..<rows.rowCount {
      let own = rows.size(row, pipeline.rule)
      do throws(TransformProblem) {
        let result = try pipeline.size(of: own)
        if size != result {
          found.add(
            rows.size(0, pipeline.rule) != own && row > 0
              ? .sizes(rows, 0, row, pipeline.rule, isImage: true)
              : RowProblem(
                "image-sizes",
                "'\(rows.name(row))' has \(own.shown) pixels, and '\(name)' takes \(size.shown)",
                help: "The images of all parts are of one size, or there is a resize:."),
            row: row, column: column, in: table)
        }
      } catch {
        found.add(
          RowProblem(
            "transform-size", "'\(rows.name(row))': \(error.message)", help: error.help),
          row: row, column: column, in: table)
      }
    }
    problems.add(found)
    return RawFeature(
      name: name, columns: [column], widths: [size.count],
      values: .tensors(PreparedImages(rows: rows, pipeline: pipeline, size: size)), missing: [])
  }
}
