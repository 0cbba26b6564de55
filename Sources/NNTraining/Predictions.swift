import NNData
import NNEngine
package import NNGraph
package import NNJSON
import NNModel

/// Predictions as a table: for each target the class or number, and the probabilities behind it.
package struct Predictions: Sendable {
  package let columns: [String]
  /// By row; texts and numbers.
  package let rows: [[JSONValue]]

  package init(_ model: TrainedModel, _ table: SampleTable) throws(KernelError) {
    let predictions = try model.evaluator.predict(table)
    var columns: [String] = []
    var rows = [[JSONValue]](repeating: [], count: table.count)
    for (head, values) in zip(model.evaluator.heads, predictions) {
      let feature = model.preprocessing.target(head.target)
      let width = table.count == 0 ? 0 : values.count / table.count
      columns += Predictions.columns(head.target, feature)
      for row in rows.indices {
        rows[row] += Predictions.cells(values[row * width..<(row + 1) * width], feature)
      }
    }
    self.columns = columns
    self.rows = rows
  }

  private static func columns(_ target: String, _ feature: FittedFeature?) -> [String] {
    switch feature?.content {
    case .category(let classes, _), .characters(let classes):
      [target] + classes.map { "\(target).\($0)" }
    case .binary(_, let positive): [target, "\(target).\(positive)"]
    case .number, nil:
      (feature?.columns.count ?? 1) == 1
        ? [target] : (feature?.columns ?? []).map { "\(target).\($0)" }
    }
  }

  private static func cells(_ values: ArraySlice<Float>, _ feature: FittedFeature?) -> [JSONValue] {
    let numbers = values.map { JSONValue.number(shortest($0)) }
    switch feature?.content {
    case .category(let classes, _):
      return [.string(classes[greatest(values)])] + numbers
    case .characters(let classes):
      // What follows the last character; what follows the others stands in the text.
      let last = values.suffix(classes.count)
      return [.string(classes[greatest(last)])] + numbers.suffix(classes.count)
    case .binary(let negative, let positive):
      return [.string((values.first ?? 0) > 0.5 ? positive : negative)] + numbers
    case .number, nil: return numbers
    }
  }

  /// The place of the greatest, the first of equals.
  private static func greatest(_ values: ArraySlice<Float>) -> Int {
    var best = values.startIndex
    for index in values.indices where values[index] > values[best] { best = index }
    return best - values.startIndex
  }

  /// The double whose shortest text is the float's shortest text.
  private static func shortest(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
}
