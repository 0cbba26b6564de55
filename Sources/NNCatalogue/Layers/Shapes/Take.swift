package import NNGraph
package import NNModel
import NNTensor
package import NNYAML

/// One element of an axis, such as the last step of a sequence.
///
/// - input: [batch, …, n, …]
/// - output: [batch, …, …]
package struct Take: Layer {
  package static let word = "take"
  package static let summary =
    "Takes one element of an axis: the last step of a sequence [steps, features] with take: last."

  @Field("Which element.", principal: true)
  package var which: Element
  @Field("The axis, counted from 0 of a sample: of a sequence its steps.", range: .atLeast(0))
  package var axis = 0

  package init() {}

  package var takesIndices: Bool { true }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    try b.requireAxis(axis, of: x, Self.word)
    let size = b.shape(x)[axis]
    let place = which.index < 0 ? size + which.index : which.index
    guard (0..<size).contains(place) else {
      throw ShapeError(
        "axis \(axis) of \(b.shape(x)) has the elements 0 to \(size - 1), and 'take' means "
          + "\(which.index)")
    }
    return b.withoutAxis(axis, in: try b.g.apply(Slice(axis: axis, start: place, count: 1), x))
  }

  /// `first`, `last`, or a number, negative ones from the end.
  package struct Element: FieldValue, Equatable {
    package let index: Int

    package static let expectation = "first, last, or a whole number"
    package static let counts = true
    package var numbers: [Double] { [Double(index)] }
    package var shownInManual: String {
      index == 0 ? "first" : index == -1 ? "last" : "\(index)"
    }
    package static func sample(within range: Bounds?) -> String { "last" }
    package static func text(of number: Double) -> String? { shown(number) }

    package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Element? {
      switch node.scalar?.text {
      case "first": return Element(index: 0)
      case "last": return Element(index: -1)
      default: break
      }
      guard case .int(let index)? = node.scalar?.value else {
        return reader.wrongType(node, expectation, among: ["first", "last"])
      }
      return Element(index: index)
    }
  }
}
