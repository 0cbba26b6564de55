import NNDiagnostics
import NNGraph
package import NNModel
import NNTensor
package import NNYAML

/// How much the samples of each class count: a number for each in their order, or by name.
package struct ClassWeights: FieldValue, Equatable {
  private enum Form: Equatable {
    case listed([Double])
    case named([String: Double])
    /// Those that make all classes of the training rows weigh the same; whoever reads the data
    /// writes their numbers in its place.
    case balanced
  }

  private var form: Form

  package init(_ weights: [Double]) { form = .listed(weights) }
  package init(_ weights: [String: Double]) { form = .named(weights) }

  package static let expectation =
    "balanced, a number for each class in their order, or names of classes with a number each"

  package var numbers: [Double] {
    switch form {
    case .listed(let weights): weights
    case .named(let weights): weights.sorted { $0.key < $1.key }.map(\.value)
    case .balanced: []
    }
  }

  package var written: String {
    switch form {
    case .listed(let weights): weights.written
    case .named(let weights):
      "{"
        + weights.sorted { $0.key < $1.key }.map { "\($0.key.written): \($0.value.written)" }
        .joined(separator: ", ") + "}"
    case .balanced: Self.balanced
    }
  }

  package var shownInManual: String { written }
  private static let balanced = "balanced"
  package static func text(of number: Double) -> String? { "[\(number.written)]" }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> ClassWeights? {
    if node.scalar?.text == balanced {
      var weights = ClassWeights([])
      weights.form = .balanced
      return weights
    }
    if let mapping = node.mapping, !mapping.entries.isEmpty {
      var weights: [String: Double] = [:]
      for entry in mapping.entries { weights[entry.key] = Double.read(entry.value, &reader) }
      return weights.count == mapping.entries.count ? ClassWeights(weights) : nil
    }
    guard node.sequence?.isEmpty == false else { return reader.wrongType(node, expectation) }
    return [Double].read(node, &reader).map { ClassWeights($0) }
  }

  /// Throws what does not fit the classes.
  func check(_ classes: [String]) throws(ShapeError) {
    switch form {
    case .listed(let weights):
      guard weights.count != classes.count else { return }
      throw ShapeError(
        "there are \(weights.count) class_weights, and the target has \(classes.count) classes",
        help: "Give one for each of \(shortened(classes)), in this order.")
    case .named(let weights):
      for name in weights.keys.sorted() { try checkClass(name, "class_weights", classes) }
    case .balanced: break
    }
  }

  /// The weight of each class, one where none is given; of classes whose names are not known yet
  /// as far as they are.
  func resolved(_ classes: [String]?, count: Int) -> [Double] {
    switch form {
    case .balanced: Array(repeating: 1, count: count)
    case .listed(let weights): (0..<count).map { $0 < weights.count ? weights[$0] : 1 }
    case .named(let weights):
      (0..<count).map { index in
        classes.flatMap { index < $0.count ? weights[$0[index]] : nil } ?? 1
      }
    }
  }
}

/// Throws where a field names a class that is none of the target's.
func checkClass(_ name: String, _ field: String, _ classes: [String]) throws(ShapeError) {
  guard !classes.contains(name) else { return }
  throw ShapeError(
    "'\(field)' names the class '\(name)', and the target has none of that name",
    help: nearest(to: name, among: classes).map { "Is '\($0)' meant?" }
      ?? "Its classes are \(shortened(classes)).")
}

private func shortened(_ classes: [String]) -> String {
  classes.count <= 12
    ? listed(classes) : classes.prefix(8).joined(separator: ", ") + " and so on"
}
