import NNDiagnostics
package import NNModel
import NNYAML

/// What a table holds of which no model file says anything yet.
package struct TableLook: Sendable {
  package let rows: Int
  package let columns: [ColumnLook]

  /// Looks at a file, whose name tells what it is; nil after reporting.
  ///
  /// - path: relative to the working directory.
  package init?(path: String, _ reader: inout Reader) {
    let node = YAMLNode(
      .scalar(YAMLScalar(text: path, isPlain: false, value: .string(path))), at: .beginning)
    guard let reference = SourceReference.read(node, &reader),
      let table = reference.source.read(.everything, baseDirectory: "", &reader)
    else { return nil }
    rows = table.rowCount
    columns = table.columnNames.indices.map { ColumnLook(table, $0, uses: []) }
  }
}
