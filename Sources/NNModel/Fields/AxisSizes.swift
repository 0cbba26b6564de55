package import NNYAML

/// Whole numbers for each axis that a window moves over: one for all, or a list.
package protocol AxisSizes: FieldValue, Hashable {
  /// What the axes are called, outermost first.
  static var axisNames: [String] { get }
  /// One for each axis.
  var axes: [Int] { get }
  /// - axes: as many as there are names.
  init(axes: [Int])
}

extension AxisSizes {
  package static var expectation: String {
    "a whole number, or [\(axisNames.joined(separator: ", "))]"
  }
  package static var counts: Bool { true }
  package var numbers: [Double] { axes.map { Double($0) } }
  package var shownInManual: String {
    Set(axes).count == 1 ? "\(axes[0])" : "[" + axes.map(String.init).joined(separator: ", ") + "]"
  }
  package static func text(of number: Double) -> String? { Int.text(of: number) }
  package static func sample(within range: Bounds?) -> String {
    shown([2, 1].first { range?.contains($0) ?? true } ?? range?.lower ?? 1)
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Self? {
    if let nodes = node.sequence {
      guard nodes.count == axisNames.count else { return reader.wrongType(node, expectation) }
      let axes = nodes.compactMap { reader.read(Int.self, $0) }
      return axes.count == nodes.count ? Self(axes: axes) : nil
    }
    guard case .int? = node.scalar?.value else { return reader.wrongType(node, expectation) }
    return reader.read(Int.self, node).map { number in
      Self(axes: .init(repeating: number, count: axisNames.count))
    }
  }
}

/// The one size along a sequence `[channels, length]`.
package struct Length: AxisSizes {
  package let length: Int

  package init(_ length: Int) { self.length = length }

  package static let axisNames = ["length"]
  package static let expectation = "a whole number"
  package var axes: [Int] { [length] }

  package init(axes: [Int]) { self.init(axes[0]) }
}

/// A height and a width: one number for both, or `[height, width]`.
package struct Pair: AxisSizes {
  package let height: Int
  package let width: Int

  package init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  package static let axisNames = ["height", "width"]
  package var axes: [Int] { [height, width] }

  package init(axes: [Int]) { self.init(axes[0], axes[1]) }
}

/// A depth, a height and a width: one number for all, or `[depth, height, width]`.
package struct Triple: AxisSizes {
  package let depth: Int
  package let height: Int
  package let width: Int

  package init(_ depth: Int, _ height: Int, _ width: Int) {
    self.depth = depth
    self.height = height
    self.width = width
  }

  package static let axisNames = ["depth", "height", "width"]
  package var axes: [Int] { [depth, height, width] }

  package init(axes: [Int]) { self.init(axes[0], axes[1], axes[2]) }
}
