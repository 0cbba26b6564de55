import NNGraph
package import NNModel
import NNTensor
package import NNYAML

/// A whole number for every axis behind the channels, or a list of one for each.
package enum PerAxis: FieldValue, Equatable {
  case all(Int)
  case each([Int])

  package static let expectation = "a whole number, or a list of one for each axis"
  package static let counts = true

  package var numbers: [Double] {
    switch self {
    case .all(let number): [Double(number)]
    case .each(let numbers): numbers.map { Double($0) }
    }
  }

  package var shownInManual: String {
    switch self {
    case .all(let number): number.shownInManual
    case .each(let numbers): numbers.shownInManual
    }
  }

  package static func text(of number: Double) -> String? { Int.text(of: number) }
  package static func sample(within range: Bounds?) -> String { Int.sample(within: range) }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> PerAxis? {
    if node.sequence != nil { return [Int].read(node, &reader).map { .each($0) } }
    guard case .int? = node.scalar?.value else { return reader.wrongType(node, expectation) }
    return reader.read(Int.self, node).map { .all($0) }
  }

  /// One for each axis behind the channels.
  func numbers(for axes: Int, _ shape: Shape, _ name: String) throws(ShapeError) -> [Int] {
    switch self {
    case .all(let number): return .init(repeating: number, count: axes)
    case .each(let numbers):
      guard numbers.count == axes else {
        throw ShapeError(
          "'\(name)' has \(numbers.count) entries, and \(shape) needs one for each of \(axes) axes "
            + "behind the channels")
      }
      return numbers
    }
  }
}

extension LayerBuilder {
  /// Makes the elements along each axis behind the channels of others along it.
  ///
  /// - maps: one for each axis, nil where nothing changes.
  mutating func mapped(_ x: Value, _ maps: [AxisMap?]) throws(ShapeError) -> Value {
    var y = x
    for (axis, map) in maps.enumerated() {
      guard let map else { continue }
      y = try g.apply(MapAxis(axis + 1, map), y)
      try checkSize(shape(y))
    }
    return y
  }
}
