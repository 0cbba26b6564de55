package import NNJSON
package import NNModel

/// Named figures of an evaluation, the loss first, in a fixed order.
package struct Figures: Sendable, Equatable {
  package let entries: [(name: String, value: MetricValue)]

  package init(_ entries: [(name: String, value: MetricValue)]) {
    self.entries = entries
  }

  /// A number by its name.
  package subscript(name: String) -> Double? {
    entries.first { $0.name == name }?.value.number
  }

  /// All that are numbers.
  package var numbers: [(name: String, value: Double)] {
    entries.compactMap { entry in entry.value.number.map { (entry.name, $0) } }
  }

  /// All that are tables.
  package var tables: [(name: String, table: CountTable)] {
    entries.compactMap { entry in entry.value.table.map { (entry.name, $0) } }
  }

  /// As an object; figures that are not defined are null.
  package var json: JSONValue {
    .object(entries.map { .init($0.name, $0.value.json) })
  }

  package static func == (left: Figures, right: Figures) -> Bool {
    left.entries.elementsEqual(right.entries) { $0.name == $1.name && $0.value == $1.value }
  }
}

extension MetricValue {
  /// A number; of a table its rows, each a true class.
  fileprivate var json: JSONValue {
    switch self {
    case .number(let number): .number(number)
    case .table(let table): .array(table.counts.map { .array($0.map { JSONValue($0) }) })
    }
  }
}
