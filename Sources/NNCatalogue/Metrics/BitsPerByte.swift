import NNGraph
package import NNModel

/// Σ −log₂ p of the true classes over the bytes that their names have in UTF-8, where a class is a
/// piece of text.
package struct BitsPerByte: Metric {
  package static let word = "bits_per_byte"
  package static let summary =
    """
    How many bits a text would take, for each of its bytes, if it were packed with what is predicted \
    of its characters or words: comparable whatever the pieces are. The bytes are those of the \
    classes' names in UTF-8.
    """
  package init() {}

  package var isBetterWhenGreater: Bool? { false }
  package func fits(_ target: TargetType) -> Bool { target.isCategory }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    let bit = UnaryFunction.log(2)
    let bytes = target.classNames.map { Double($0.utf8.count) }
    return PositionMean(target) { ($0.surprise / bit, bytes[$0.label]) }
  }
}
