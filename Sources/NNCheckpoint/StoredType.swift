/// What one element of a tensor in a file is.
///
/// nnc writes F32 alone. The others are read so that other tools' files can be used; their
/// elements become `Float`:
/// - exactly: F16, BF16, I8, U8, I16, U16 and BOOL (0 or 1);
/// - rounded to the nearest, ties to even: F64, I32 and I64. Integers are exact up to 2^24.
package enum StoredType: String, Sendable, Hashable, CaseIterable {
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case float64 = "F64"
  case int32 = "I32"
  case int64 = "I64"
  case int16 = "I16"
  case uint16 = "U16"
  case int8 = "I8"
  case uint8 = "U8"
  case bool = "BOOL"

  package var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    }
  }

  /// Whether every element has a `Float` of the same value.
  package var isExact: Bool {
    switch self {
    case .float64, .int32, .int64: false
    default: true
    }
  }
}

extension StoredType {
  /// Appends the elements in `bytes`, little-endian and whole, to `values`.
  func decode(_ bytes: [UInt8], into values: inout [Float]) {
    switch self {
    case .float32:
      Self.append(bytes, UInt32.self, to: &values) { Float(bitPattern: $0) }
    case .float16:
      Self.append(bytes, UInt16.self, to: &values) { Float(Float16(bitPattern: $0)) }
    case .bfloat16:
      Self.append(bytes, UInt16.self, to: &values) { Float(bitPattern: UInt32($0) << 16) }
    case .float64:
      Self.append(bytes, UInt64.self, to: &values) { Float(Double(bitPattern: $0)) }
    case .int32:
      Self.append(bytes, UInt32.self, to: &values) { Float(Int32(bitPattern: $0)) }
    case .int64:
      Self.append(bytes, UInt64.self, to: &values) { Float(Int64(bitPattern: $0)) }
    case .int16:
      Self.append(bytes, UInt16.self, to: &values) { Float(Int16(bitPattern: $0)) }
    case .uint16:
      Self.append(bytes, UInt16.self, to: &values) { Float($0) }
    case .int8:
      Self.append(bytes, UInt8.self, to: &values) { Float(Int8(bitPattern: $0)) }
    case .uint8:
      Self.append(bytes, UInt8.self, to: &values) { Float($0) }
    case .bool:
      Self.append(bytes, UInt8.self, to: &values) { $0 == 0 ? 0 : 1 }
    }
  }

  /// Puts words together from their bytes, the least significant first.
  private static func append<Word: FixedWidthInteger & UnsignedInteger>(
    _ bytes: [UInt8], _: Word.Type, to values: inout [Float], _ convert: (Word) -> Float
  ) {
    let width = Word.bitWidth / 8
    for start in stride(from: 0, to: bytes.count, by: width) {
      var word: Word = 0
      for index in 0..<width {
        word |= Word(truncatingIfNeeded: bytes[start + index]) << Word(8 * index)
      }
      values.append(convert(word))
    }
  }
}
