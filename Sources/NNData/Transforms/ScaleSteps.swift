#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import NNDiagnostics
package import NNModel
package import NNYAML

/// What is done to numbers before they are scaled: first the limits, then the logarithm.
package struct ScaleSteps: Sendable, Equatable {
  package var clip: ClipRange?
  /// Whether `log(1 + x)` is taken.
  package var log1p: Bool

  package static let none = ScaleSteps(clip: nil, log1p: false)

  package init(clip: ClipRange?, log1p: Bool) {
    self.clip = clip
    self.log1p = log1p
  }

  func apply(_ value: Double) -> Double {
    var value = value
    if let clip, !value.isNaN { value = min(max(value, clip.low), clip.high) }
    return log1p ? logarithm(value) : value
  }

  /// What a number was before; limits leave no trace.
  func inverse(_ value: Double) -> Double { log1p ? expm1(value) : value }

  /// NaN at and below −1.
  private func logarithm(_ value: Double) -> Double {
    #if canImport(Glibc)
      value > -1 ? Glibc.log1p(value) : .nan
    #else
      value > -1 ? Musl.log1p(value) : .nan
    #endif
  }
}

/// The limits that numbers are kept within.
package struct ClipRange: FieldValue, Equatable {
  package let low: Double
  package let high: Double

  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  package static let expectation = "two numbers, the lower one first, such as [0, 100]"
  package var shownInManual: String { "[\(shown(low)), \(shown(high))]" }
  package static func sample(within range: Bounds?) -> String { "[0, 100]" }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> ClipRange? {
    guard let nodes = node.sequence, nodes.count == 2 else {
      return reader.wrongType(node, expectation)
    }
    guard let low = Double.read(nodes[0], &reader), let high = Double.read(nodes[1], &reader) else {
      return nil
    }
    guard low < high else { return reader.wrongType(node, expectation) }
    return ClipRange(low: low, high: high)
  }
}
