import NNModel

/// What the manual says about a word of the language.
package struct ManualEntry: Sendable {
  package let word: String
  package let category: ManualCategory
  /// One or two sentences; the first says what it is.
  package let summary: String
  package let fields: [ManualField]
  /// The word at work, as it stands in a file.
  package let example: String
  /// What it belongs to, where a category is large.
  var family: String?
}

/// A group of words that stand in the same place of a file.
package struct ManualCategory: Sendable, Equatable {
  /// What one of them is called: `layer`.
  package let noun: String
  /// Where they stand, in words that follow the noun: `in the list under model`.
  package let place: String
  /// Above them in the manual.
  package let title: String
}

/// A field as it is declared.
package struct ManualField: Sendable, Equatable {
  package let name: String
  /// What may be written, with the range of its numbers: `a whole number, at least 1`.
  package let expectation: String
  package let defaultText: String?
  package let isRequired: Bool
  /// Whether it is meant where a value stands without names.
  package let isPrincipal: Bool
  package let help: String

  init(_ name: String, _ field: any AnyField) {
    self.name = name
    expectation = field.expectation + (field.range.map { ", \($0.words)" } ?? "")
    defaultText = field.defaultText
    isRequired = field.isRequired
    isPrincipal = field.isPrincipal
    help = field.help
  }

  /// A key that no section declares, such as one beside a layer's word.
  init(_ name: String, _ expectation: String, _ help: String) {
    self.name = name
    self.expectation = expectation
    self.help = help
    defaultText = nil
    isRequired = false
    isPrincipal = false
  }

  /// The default, in a table's cell or behind a name.
  package var shownDefault: String {
    defaultText ?? (isRequired ? "must be given" : "none")
  }
}

extension Section {
  static var manualFields: [ManualField] { fields.map { ManualField($0.name, $0.field) } }
}
