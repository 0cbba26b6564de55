// A section is made from its fields by the initializer that the compiler writes for `Decodable`:
// reflection can list a struct's fields but not set them. Each `Field` asks this decoder for the
// field that was read under its name.

/// Hands fields that were read to the synthesized `init(from:)` of a section.
struct FieldDecoder: Decoder {
  /// By property name, as the coding keys have it.
  let fields: [String: any AnyField]
  var codingPath: [any CodingKey] = []
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ fields: [String: any AnyField]) {
    self.fields = fields
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(FieldContainer(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw misuse }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw misuse }

  /// The field at the end of the coding path.
  var current: (any AnyField)? { codingPath.last.flatMap { fields[$0.stringValue] } }
}

private var misuse: DecodingError {
  .dataCorrupted(.init(codingPath: [], debugDescription: "a section holds only @Field properties"))
}

private struct FieldContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: FieldDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { decoder.fields.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { decoder.fields[key.stringValue] != nil }
  func decodeNil(forKey key: Key) -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    var inner = decoder
    inner.codingPath.append(key)
    return try T(from: inner)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { throw misuse }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw misuse
  }
  func superDecoder() throws -> any Decoder { throw misuse }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw misuse }
}

extension Field: Decodable {
  package init(from decoder: any Decoder) throws {
    guard let field = (decoder as? FieldDecoder)?.current as? Field<Value> else { throw misuse }
    self = field
  }
}
