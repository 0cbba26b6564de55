/// What one number of a stored array is.
enum ElementType: Sendable, Hashable, CaseIterable {
  case bool
  case uint8
  case int8
  case uint16
  case int16
  case uint32
  case int32
  case uint64
  case int64
  case float16
  case bfloat16
  case float32
  case float64

  var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  var isFloat: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }

  /// Whether every value has a float that equals it.
  var isExactInFloat: Bool {
    switch self {
    case .bool, .uint8, .int8, .uint16, .int16, .float16, .bfloat16, .float32: true
    case .uint32, .int32, .uint64, .int64, .float64: false
    }
  }
}

/// Numbers as they lie in memory: of one type and byte order, a constant step apart.
struct StoredNumbers {
  let element: ElementType
  /// Whether the byte order is not the machine's.
  let isSwapped: Bool
  /// Bytes from one number to the next.
  let step: Int

  /// Reads numbers as floats; those that no float equals are rounded to the nearest.
  func read(_ source: UnsafeRawPointer, into output: UnsafeMutableBufferPointer<Float>) {
    switch element {
    case .bool: convert(UInt8.self, source, output) { $0 == 0 ? 0 : 1 }
    case .uint8: convert(UInt8.self, source, output) { Float($0) }
    case .int8: convert(Int8.self, source, output) { Float($0) }
    case .uint16: convert(UInt16.self, source, output) { Float($0) }
    case .int16: convert(Int16.self, source, output) { Float($0) }
    case .uint32: convert(UInt32.self, source, output) { Float($0) }
    case .int32: convert(Int32.self, source, output) { Float($0) }
    case .uint64: convert(UInt64.self, source, output) { Float($0) }
    case .int64: convert(Int64.self, source, output) { Float($0) }
    case .float16: convert(UInt16.self, source, output) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: convert(UInt16.self, source, output) { Float(bitPattern: UInt32($0) << 16) }
    case .float32: convert(UInt32.self, source, output) { Float(bitPattern: $0) }
    case .float64: convert(UInt64.self, source, output) { Float(Double(bitPattern: $0)) }
    }
  }

  /// Reads numbers as doubles; of 64-bit integers those beyond 2⁵³ are rounded.
  func read(_ source: UnsafeRawPointer, into output: UnsafeMutableBufferPointer<Double>) {
    switch element {
    case .bool: convert(UInt8.self, source, output) { $0 == 0 ? 0 : 1 }
    case .uint8: convert(UInt8.self, source, output) { Double($0) }
    case .int8: convert(Int8.self, source, output) { Double($0) }
    case .uint16: convert(UInt16.self, source, output) { Double($0) }
    case .int16: convert(Int16.self, source, output) { Double($0) }
    case .uint32: convert(UInt32.self, source, output) { Double($0) }
    case .int32: convert(Int32.self, source, output) { Double($0) }
    case .uint64: convert(UInt64.self, source, output) { Double($0) }
    case .int64: convert(Int64.self, source, output) { Double($0) }
    case .float16: convert(UInt16.self, source, output) { Double(Float16(bitPattern: $0)) }
    case .bfloat16:
      convert(UInt16.self, source, output) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: convert(UInt32.self, source, output) { Double(Float(bitPattern: $0)) }
    case .float64: convert(UInt64.self, source, output) { Double(bitPattern: $0) }
    }
  }

  @inline(__always)
  private func convert<Bits: FixedWidthInteger & BitwiseCopyable, Number>(
    _ bits: Bits.Type, _ source: UnsafeRawPointer, _ output: UnsafeMutableBufferPointer<Number>,
    _ number: (Bits) -> Number
  ) {
    let size = MemoryLayout<Bits>.size
    if isSwapped {
      for index in 0..<output.count {
        let word = source.loadUnaligned(fromByteOffset: index &* step, as: bits)
        output[index] = number(word.byteSwapped)
      }
    } else if step == size {
      // A step that the compiler knows lets it take many at once.
      for index in 0..<output.count {
        output[index] = number(source.loadUnaligned(fromByteOffset: index &* size, as: bits))
      }
    } else {
      for index in 0..<output.count {
        output[index] = number(source.loadUnaligned(fromByteOffset: index &* step, as: bits))
      }
    }
  }
}
