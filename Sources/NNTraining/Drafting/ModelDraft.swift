package import NNData
import NNModel
import NNTensor

/// A model file to start from, made of what a table holds: every line that a person will want to change
/// says what it does.
package struct ModelDraft {
  private let name: String
  private let path: String
  private let look: TableLook
  private let target: ColumnLook
  private let columns: DraftColumns

  /// - Parameters:
  ///   - name: of the model.
  ///   - path: of the data, as the file is to name it.
  ///   - look: what is in it.
  ///   - target: the column that is to be predicted; nil where there is none of the name.
  package init?(name: String, path: String, look: TableLook, target: String) {
    guard let column = look.columns.first(where: { $0.name == target }) else { return nil }
    self.name = name
    self.path = path
    self.look = look
    self.target = column
    columns = DraftColumns(look.columns.filter { $0.name != target }, rows: look.rows)
  }

  /// Why no model can be made of it; nil where one can.
  package var obstacle: String? {
    if case .tensors = target.content {
      return "'\(target.name)' is a tensor, not a number or a class"
    }
    if target.missing == target.rows { return "'\(target.name)' has no values" }
    if isConstant { return "'\(target.name)' has the same value in every row" }
    if columns.inputs.isEmpty { return "no other column is left to predict it from" }
    return nil
  }

  package var text: String {
    """
    nnc: 1
    name: \(name.written)
    seed: 1                                  # the same file, data and seed give the same bytes

    data:
      source: \(path.written)
    \(split)  inputs:
    \(columns.inputs.map { "    \($0)\n" }.joined())  targets:
        \(targetLine)

    model:
    \(columns.path.map { "  \($0)\n" }.joined())  - dense: {units: \(units), activation: relu}
      - dropout: 0.1
      - dense: \(target.name.written)\(isNumber ? "" : "    # as many units as it has classes")

    loss: \(loss)
    optimizer:
      adamw: {lr: 3e-3, weight_decay: 0.01}
      schedule: {cosine: {warmup: 20}}       # steps in which the rate rises; then it falls to zero

    train: {epochs: \(epochs), batch: \(batch)}
    metrics: \(metrics)
    """ + "\n" + notes
  }

  // MARK: The target

  private var distinct: Int {
    switch target.content {
    case .numbers(_, let distinct), .words(_, let distinct): distinct
    case .tensors, .characters: 0
    }
  }

  private var isConstant: Bool { distinct == 1 }

  /// Whether it is predicted as a number: one of few whole numbers is a class.
  private var isNumber: Bool {
    guard case .numbers(let statistics?, let distinct) = target.content else { return false }
    let isWhole =
      statistics.minimum == statistics.minimum.rounded()
      && statistics.maximum == statistics.maximum.rounded()
    return !(isWhole && distinct <= 20 && distinct * 5 <= target.rows && target.hasWholeNumbers)
  }

  private var targetLine: String {
    let drop = target.missing > 0 ? ", missing: drop" : ""
    return isNumber
      ? "\(target.name.written): {column: \(target.name.written), scale: standard\(drop)}    "
        + "# predictions are scaled back"
      : "\(target.name.written): {column: \(target.name.written), type: category\(drop)}"
  }

  private var loss: String {
    isNumber ? "mse                                # of the scaled target" : "cross_entropy"
  }

  private var metrics: String { isNumber ? "[r2, mae]" : "[accuracy, f1]" }

  // MARK: Rows

  private var split: String {
    guard look.rows >= 20 else { return "" }
    // Every part needs some of each class.
    let stratify = isNumber || distinct * 10 > look.rows ? "" : ", stratify: \(target.name.written)"
    return "  split: {train: 0.7, validation: 0.15, test: 0.15\(stratify)}\n"
  }

  private var batch: Int { look.rows < 1000 ? 16 : look.rows < 10_000 ? 32 : 128 }
  private var epochs: Int { look.rows < 1000 ? 60 : look.rows < 10_000 ? 30 : 10 }
  private var units: Int { look.rows < 1000 ? 16 : 64 }

  private var notes: String {
    columns.leftOut.map { "\n# Left out: \($0.name.written), \($0.why)." }.joined()
      + (columns.leftOut.isEmpty ? "" : "\n")
  }
}
