package import NNJSON

/// Named figures of an evaluation, the loss first, in a fixed order.
package struct Figures: Sendable, Equatable {
  package var entries: [(name: String, value: Double)]

  package init(_ entries: [(name: String, value: Double)]) {
    self.entries = entries
  }

  package subscript(name: String) -> Double? {
    entries.first { $0.name == name }?.value
  }

  /// As an object; figures that are not defined are null.
  package var json: JSONValue {
    .object(entries.map { .init($0.name, .number($0.value)) })
  }

  package static func == (left: Figures, right: Figures) -> Bool {
    left.entries.elementsEqual(right.entries) { $0.name == $1.name && $0.value == $1.value }
  }
}
