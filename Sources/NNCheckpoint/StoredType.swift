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
  /// Turns the elements in `bytes`, little-endian, whole and anywhere, into floats.
  func decode(_ bytes: UnsafeRawBufferPointer, to floats: UnsafeMutablePointer<Float>) {
    switch self {
    case .float32:
      if let base = bytes.baseAddress {
        UnsafeMutableRawPointer(floats).copyMemory(from: base, byteCount: bytes.count)
      }
    case .float16:
      Self.convert(bytes, UInt16.self, floats) { Float(Float16(bitPattern: $0)) }
    case .bfloat16:
      Self.convert(bytes, UInt16.self, floats) { Float(bitPattern: UInt32($0) << 16) }
    case .float64:
      Self.convert(bytes, UInt64.self, floats) { Float(Double(bitPattern: $0)) }
    case .int32: Self.convert(bytes, Int32.self, floats) { Float($0) }
    case .int64: Self.convert(bytes, Int64.self, floats) { Float($0) }
    case .int16: Self.convert(bytes, Int16.self, floats) { Float($0) }
    case .uint16: Self.convert(bytes, UInt16.self, floats) { Float($0) }
    case .int8: Self.convert(bytes, Int8.self, floats) { Float($0) }
    case .uint8: Self.convert(bytes, UInt8.self, floats) { Float($0) }
    case .bool: Self.convert(bytes, UInt8.self, floats) { $0 == 0 ? 0 : 1 }
    }
  }

  private static func convert<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _: Word.Type, _ floats: UnsafeMutablePointer<Float>,
    _ convert: (Word) -> Float
  ) {
    let width = MemoryLayout<Word>.size
    for index in 0..<bytes.count / width {
      let word = bytes.loadUnaligned(fromByteOffset: index * width, as: Word.self)
      floats[index] = convert(Word(littleEndian: word))
    }
  }
}
