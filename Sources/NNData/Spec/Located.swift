package import NNDiagnostics
package import NNModel
package import NNYAML

/// A value with the place it was written at, for what can only be checked later.
package struct Located<Value: FieldValue>: FieldValue {
  package let value: Value
  package let range: SourceRange

  package init(_ value: Value, at range: SourceRange) {
    self.value = value
    self.range = range
  }

  package static var expectation: String { Value.expectation }
  package var numbers: [Double] { value.numbers }
  package var shownInManual: String { value.shownInManual }
  package var written: String { value.written }
  package static func sample(within range: Bounds?) -> String { Value.sample(within: range) }
  package static func text(of number: Double) -> String? { Value.text(of: number) }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Located? {
    Value.read(node, &reader).map { Located($0, at: node.range) }
  }
}
