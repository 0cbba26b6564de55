package import NNDiagnostics
package import NNModel
package import NNYAML

/// What to do where a value is missing.
package enum MissingPolicy: FieldValue, Equatable {
  /// Say where, and stop.
  case error
  /// Leave the row out.
  case drop
  /// Put the mean, or the median, of the training rows in its place.
  case mean
  case median
  /// Put what is most frequent in the training rows in its place; of several the smallest.
  case mode
  case constant(String, SourceRange)
  /// Count it for nothing; of targets alone.
  case ignore

  package static let expectation = "one of error, drop, mean, median, mode or {constant: value}"

  package var shownInManual: String {
    switch self {
    case .error: "error"
    case .drop: "drop"
    case .mean: "mean"
    case .median: "median"
    case .mode: "mode"
    case .constant(let value, _): "{constant: \(value)}"
    case .ignore: "ignore"
    }
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> MissingPolicy? {
    switch node.scalar?.text {
    case "error": return .error
    case "drop": return .drop
    case "mean": return .mean
    case "median": return .median
    case "mode": return .mode
    default: break
    }
    guard let mapping = node.mapping, mapping.entries.count == 1, let value = mapping["constant"]
    else {
      return reader.wrongType(
        node, expectation, among: ["error", "drop", "mean", "median", "mode"])
    }
    guard let text = String.read(value, &reader) else { return nil }
    return .constant(text, value.range)
  }
}
