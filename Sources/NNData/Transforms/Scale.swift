package import NNModel
package import NNYAML

/// How the numbers of a column are scaled: a kind under `scale`.
package protocol Scale: Kind {
  /// Whether it looks at the training rows at all.
  var needsStatistics: Bool { get }
  /// Whether it looks at every value of the training rows.
  var needsValues: Bool { get }
  /// What the numbers of one column are scaled by, from its training rows.
  func fit(_ column: TrainingColumn) -> ScaleFit
}

extension Scale {
  package var needsStatistics: Bool { true }
  package var needsValues: Bool { false }

  /// A factor that undoes a width; a width of zero, or too small to divide by, is left alone, so
  /// that a constant column becomes zeros.
  func factor(undoing width: Double) -> Double {
    let factor = 1 / width
    return factor.isFinite ? factor : 1
  }
}

package struct StandardScale: Scale {
  package static let word = "standard"
  package static let summary = """
    Takes the mean away and divides by the standard deviation, both of the training rows. \
    The deviation is that of the population (divided by n); a constant column becomes zeros.
    """

  package init() {}

  package func fit(_ column: TrainingColumn) -> ScaleFit {
    let statistics = column.statistics
    return ScaleFit(
      offset: statistics.mean, factor: factor(undoing: statistics.deviation))
  }
}

package struct MinMaxScale: Scale {
  package static let word = "min_max"
  package static let summary = """
    Maps the smallest value of the training rows to 0 and the largest to 1. \
    A constant column becomes zeros.
    """

  package init() {}

  package func fit(_ column: TrainingColumn) -> ScaleFit {
    let statistics = column.statistics
    return ScaleFit(
      offset: statistics.minimum,
      factor: factor(undoing: statistics.maximum - statistics.minimum))
  }
}

package struct FactorScale: Scale {
  package static let word = "factor"
  package static let summary = "Multiplies by a number, such as 0.00392156862745098 for bytes."

  @Field("The number; not zero.", principal: true)
  package var by: NonzeroNumber

  package init() {}

  package var needsStatistics: Bool { false }

  package func fit(_ column: TrainingColumn) -> ScaleFit {
    ScaleFit(offset: 0, factor: by.value)
  }
}

package struct NoScale: Scale {
  package static let word = "none"
  package static let summary = "Leaves the numbers as they are."

  package init() {}

  package var needsStatistics: Bool { false }

  package func fit(_ column: TrainingColumn) -> ScaleFit {
    ScaleFit(offset: 0, factor: 1)
  }
}

/// A factor: predictions are divided by it, so it must not be zero.
package struct NonzeroNumber: FieldValue {
  package let value: Double

  package static let expectation = "a number other than zero"
  package static func sample(within range: Bounds?) -> String { "0.5" }
  package var shownInManual: String { value.shownInManual }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> NonzeroNumber? {
    guard let value = Double.read(node, &reader) else { return nil }
    guard value != 0, (1 / value).isFinite else { return reader.wrongType(node, expectation) }
    return NonzeroNumber(value: value)
  }
}

/// A scale as it stands in a field.
package struct ScaleReference: FieldValue {
  package let scale: any Scale
  package let word: String

  package static var expectation: String {
    "a scale: \(listed(DataCatalogue.scales.words))"
  }
  package var shownInManual: String { word }
  package static func sample(within range: Bounds?) -> String { "standard" }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> ScaleReference? {
    reader.readKind(node, DataCatalogue.scales).map {
      ScaleReference(scale: $0.instance, word: $0.word)
    }
  }
}
