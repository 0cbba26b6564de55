package import NNYAML

/// A type that can stand in a field.
package protocol FieldValue: Sendable {
  /// What may be written, in words that follow "must be": `a whole number`.
  static var expectation: String { get }
  /// The value a node says, or nil after reporting.
  static func read(_ node: YAMLNode, _ reader: inout Reader) -> Self?
  /// The numbers that the field's range applies to.
  var numbers: [Double] { get }
  /// Whether the numbers are whole ones that count or measure something.
  static var counts: Bool { get }
  /// As the manual shows it where it is a default.
  var shownInManual: String { get }
  /// As one would write it in a file, so that it reads back to the same.
  var written: String { get }
  /// A value that one might write, for examples.
  ///
  /// - range: what its numbers are held against.
  static func sample(within range: Bounds?) -> String
  /// A value made of one number, as one would write it; nil where no number can be one.
  static func text(of number: Double) -> String?
}

extension FieldValue {
  package var numbers: [Double] { [] }
  package static var counts: Bool { false }
  package var shownInManual: String { "\(self)" }
  package var written: String { shownInManual }
  package static func sample(within range: Bounds?) -> String { text(of: 1) ?? "name" }
  package static func text(of number: Double) -> String? { nil }
}

extension Bool: FieldValue {
  package static var expectation: String { "true or false" }
  package static func sample(within range: Bounds?) -> String { "true" }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Bool? {
    if case .bool(let value)? = node.scalar?.value { return value }
    let word = node.scalar?.text.lowercased()
    let isYAML11 = word == "yes" || word == "no" || word == "on" || word == "off"
    return reader.wrongType(
      node, expectation,
      help: isYAML11 ? "In YAML 1.2 only true and false are booleans." : nil)
  }
}

extension Int: FieldValue {
  package static var expectation: String { "a whole number" }
  package static var counts: Bool { true }
  package var numbers: [Double] { [Double(self)] }
  package static func text(of number: Double) -> String? { shown(number) }
  package static func sample(within range: Bounds?) -> String {
    shown([16, 3, 2, 1, 0].first { range?.contains($0) ?? true } ?? range?.lower ?? 1)
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Int? {
    switch node.scalar?.value {
    case .int(let value): return value
    case .float(let value) where value == value.rounded() && abs(value) < 1e15: return Int(value)
    default: return reader.wrongType(node, expectation, help: node.helpForNumber)
    }
  }
}

extension Double: FieldValue {
  package static var expectation: String { "a number" }
  package var numbers: [Double] { [self] }
  package var shownInManual: String { shown(self) }
  package static func text(of number: Double) -> String? { shown(number) }
  package static func sample(within range: Bounds?) -> String {
    shown([0.1, 0.5, 1, 2, 10].first { range?.contains($0) ?? true } ?? range?.lower ?? 1)
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Double? {
    switch node.scalar?.value {
    case .int(let value): return Double(value)
    case .float(let value) where value.isFinite: return value
    default: return reader.wrongType(node, expectation, help: node.helpForNumber)
    }
  }
}

extension YAMLNode {
  /// How to write the number that a text looks like, or nil where it looks like none.
  fileprivate var helpForNumber: String? {
    guard let scalar, case .string(let text) = scalar.value else { return nil }
    if !scalar.isPlain, Double(text) != nil { return "What stands in quotes is a text." }
    let digits = text.filter { $0 != "_" }
    guard digits != text, Double(digits) != nil else { return nil }
    return "Digits are not grouped: write \(digits)."
  }
}

extension String: FieldValue {
  package static var expectation: String { "a text" }

  /// In quotes unless it is a plain name, lest a sign or a number in it mean something.
  package var written: String {
    let isPlain = unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0 == "_" || $0 == "." || $0 == "/"
    }
    guard !isPlain || isEmpty || lowercased() == "null" else { return self }
    return "'" + map { $0 == "'" ? "''" : String($0) }.joined() + "'"
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> String? {
    guard let scalar = node.scalar, scalar.value != .null else {
      return reader.wrongType(node, expectation)
    }
    // A name such as 2024 or true is still a name where a text is asked for.
    return scalar.text
  }
}

extension Optional: FieldValue where Wrapped: FieldValue {
  package static var expectation: String { Wrapped.expectation }
  package static var counts: Bool { Wrapped.counts }
  package var numbers: [Double] { self?.numbers ?? [] }
  package var shownInManual: String { self?.shownInManual ?? "none" }
  package var written: String { self?.written ?? "null" }
  package static func text(of number: Double) -> String? { Wrapped.text(of: number) }
  package static func sample(within range: Bounds?) -> String { Wrapped.sample(within: range) }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Wrapped?? {
    if node.scalar?.value == .null { return .some(nil) }
    guard let value = Wrapped.read(node, &reader) else { return nil }
    return .some(value)
  }
}

extension Array: FieldValue where Element: FieldValue {
  package static var expectation: String { "a list, each entry \(Element.expectation)" }
  package static var counts: Bool { Element.counts }
  package var numbers: [Double] { flatMap(\.numbers) }
  package var shownInManual: String {
    "[" + map(\.shownInManual).joined(separator: ", ") + "]"
  }
  package var written: String { "[" + map(\.written).joined(separator: ", ") + "]" }
  package static func text(of number: Double) -> String? {
    Element.text(of: number).map { "[\($0)]" }
  }
  package static func sample(within range: Bounds?) -> String {
    "[\(Element.sample(within: range))]"
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> [Element]? {
    guard let nodes = node.sequence else { return reader.wrongType(node, expectation) }
    let values = nodes.compactMap { Element.read($0, &reader) }
    return values.count == nodes.count ? values : nil
  }
}

/// One of a few words: an enumeration of strings.
package protocol WordChoice: FieldValue, CaseIterable, RawRepresentable where RawValue == String {}

extension WordChoice {
  package static var expectation: String {
    "one of " + allCases.map(\.rawValue).joined(separator: ", ")
  }
  package var shownInManual: String { rawValue }
  package static func sample(within range: Bounds?) -> String {
    allCases.first?.rawValue ?? ""
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Self? {
    guard let text = node.scalar?.text, let value = Self(rawValue: text) else {
      return reader.wrongType(node, expectation, among: allCases.map(\.rawValue))
    }
    return value
  }
}
