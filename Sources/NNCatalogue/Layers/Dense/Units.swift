import NNGraph
package import NNModel
package import NNYAML

/// How wide a layer is: a number, or as wide as a target needs.
package enum Units: FieldValue, Equatable {
  case count(Int)
  case target(String)

  package static let counts = true
  package static let expectation = "a whole number, or the name of a target"

  package var numbers: [Double] {
    if case .count(let count) = self { [Double(count)] } else { [] }
  }

  package var shownInManual: String {
    switch self {
    case .count(let count): "\(count)"
    case .target(let name): name
    }
  }
  package static func sample(within range: Bounds?) -> String { "16" }
  package static func text(of number: Double) -> String? { Int.text(of: number) }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Units? {
    switch node.scalar?.value {
    case .int(let count): return .count(count)
    case .string(let name): return .target(name)
    default: return reader.wrongType(node, expectation)
    }
  }

  /// The target's name, where it is one.
  package var targetName: String? {
    if case .target(let name) = self { name } else { nil }
  }

  /// How many units they are.
  func resolved(_ b: LayerBuilder) throws(ShapeError) -> Int {
    switch self {
    case .count(let count): return count
    case .target(let name):
      guard let width = b.width(ofTarget: name) else { throw .unknown }
      return width
    }
  }
}
