package import NNYAML

/// Declares a field of a kind or a section: its type, default, range and one line of help.
///
/// Reading, validation, suggestions, the manual and the reference come from this one declaration:
/// ```swift
/// @Field("Share of the values set to zero.", principal: true, range: .from(0, below: 1))
/// var rate: Double
/// ```
/// A property named `weightDecay` is the field `weight_decay`. A field without a default must be
/// given.
@propertyWrapper
package struct Field<Value: Sendable>: AnyField, Sendable {
  package typealias Read = @Sendable (YAMLNode, inout Reader) -> Value?

  package let help: String
  package let isPrincipal: Bool
  package let holdsKind: Bool
  package let range: Bounds?
  package let expectation: String
  package let defaultText: String?
  package let sample: String
  package let counts: Bool
  private let read: Read
  private let write: @Sendable (Value) -> String
  private let writeNumber: @Sendable (Double) -> String?
  private var value: Value?

  package init(
    default value: Value?, defaultText: String?, help: String, principal: Bool, range: Bounds?,
    expectation: String, holdsKind: Bool = false, sample: String, counts: Bool = false,
    read: @escaping Read, write: @escaping @Sendable (Value) -> String,
    writeNumber: @escaping @Sendable (Double) -> String? = { _ in nil }
  ) {
    self.help = help
    isPrincipal = principal
    self.holdsKind = holdsKind
    self.range = range
    self.expectation = expectation
    self.defaultText = defaultText
    self.sample = sample
    self.counts = counts
    self.read = read
    self.write = write
    self.writeNumber = writeNumber
    self.value = value
  }

  package var wrappedValue: Value {
    get {
      guard let value else {
        preconditionFailure("a field without a default was used before it was read")
      }
      return value
    }
    set { value = newValue }
  }

  package var isRequired: Bool { value == nil }

  package var text: String? { value.map(write) }

  package func text(of number: Double) -> String? { writeNumber(number) }

  package func reading(_ node: YAMLNode, _ reader: inout Reader) -> (any AnyField)? {
    guard let value = read(node, &reader) else { return nil }
    var copy = self
    copy.value = value
    return copy
  }
}

extension Field where Value: FieldValue {
  /// A field with a default.
  package init(
    wrappedValue: Value, _ help: String, principal: Bool = false, range: Bounds? = nil
  ) {
    self.init(
      default: wrappedValue, defaultText: wrappedValue.shownInManual, help: help,
      principal: principal, range: range, expectation: Value.expectation,
      sample: Value.sample(within: range), counts: Value.counts,
      read: { $1.read(Value.self, $0, range: range) }, write: { $0.written },
      writeNumber: { Value.text(of: $0) })
  }

  /// A field that must be given.
  package init(_ help: String, principal: Bool = false, range: Bounds? = nil) {
    self.init(
      default: nil, defaultText: nil, help: help, principal: principal, range: range,
      expectation: Value.expectation, sample: Value.sample(within: range),
      counts: Value.counts, read: { $1.read(Value.self, $0, range: range) },
      write: { $0.written }, writeNumber: { Value.text(of: $0) })
  }
}

/// A field whatever its type.
package protocol AnyField: Sendable {
  var help: String { get }
  /// Whether `kind: value` without field names sets this field.
  var isPrincipal: Bool { get }
  /// Whether its value is a kind, which may be a mapping without being this section's fields.
  var holdsKind: Bool { get }
  var range: Bounds? { get }
  /// What may be written, in words: `a whole number`.
  var expectation: String { get }
  /// The default as one would write it, or nil where there is none.
  var defaultText: String? { get }
  var isRequired: Bool { get }
  /// A value that one might write, for examples.
  var sample: String { get }
  /// Whether its numbers are whole ones that count or measure something.
  var counts: Bool { get }
  /// Its value as one would write it, nil where it has none yet.
  var text: String? { get }
  /// A value made of one number, as one would write it; nil where no number can be one.
  func text(of number: Double) -> String?
  /// A copy that holds what the node says, or nil after reporting what is wrong with it.
  func reading(_ node: YAMLNode, _ reader: inout Reader) -> (any AnyField)?
}

/// A struct whose properties are declared with ``Field``.
package protocol Section: Sendable, Decodable {
  init()
}

extension Section {
  /// The declared fields with the names they are written by, in order.
  package static var fields: [(name: String, field: any AnyField)] {
    Mirror(reflecting: Self()).children.compactMap { child in
      guard let field = child.value as? any AnyField, let label = child.label else { return nil }
      return (snakeCase(label.drop { $0 == "_" }), field)
    }
  }

  /// All fields with their values, as one would write them: `{units: 16, bias: true}`.
  package var writtenFields: String {
    let parts = Mirror(reflecting: self).children.compactMap { child -> String? in
      guard let field = child.value as? any AnyField, let label = child.label else { return nil }
      return field.text.map { "\(snakeCase(label.drop { $0 == "_" })): \($0)" }
    }
    return "{" + parts.joined(separator: ", ") + "}"
  }
}

/// `weightDecay` as `weight_decay`. Names of properties are ASCII, and there are hundreds of them when a
/// file is read, so that it goes by bytes.
package func snakeCase(_ name: some StringProtocol) -> String {
  var result: [UInt8] = []
  for byte in name.utf8 {
    let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    if isUpper { result.append(UInt8(ascii: "_")) }
    result.append(isUpper ? byte | 0x20 : byte)
  }
  return String(decoding: result, as: UTF8.self)
}
