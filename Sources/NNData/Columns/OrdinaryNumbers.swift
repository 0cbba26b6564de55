// Whether all of many numbers are finite, without a branch for each, so that many are looked at at once.

/// Whether no number is missing or infinite.
func areFinite(_ numbers: UnsafeBufferPointer<Float>) -> Bool {
  guard let base = numbers.baseAddress else { return true }
  return areOrdinary(.float32, base, numbers.count)
}

/// Whether floating-point numbers that lie side by side are all there, and finite as a 32-bit float.
func areOrdinary(_ element: ElementType, _ numbers: UnsafeRawPointer, _ count: Int) -> Bool {
  // A number whose exponent is all ones is none or infinite; one more then carries into the sign.
  switch element {
  case .float32: return areBelow(numbers, count, 0x7FFF_FFFF, 0x0080_0000 as UInt32)
  case .float16: return areBelow(numbers, count, 0x7FFF, 0x0400 as UInt16)
  case .bfloat16: return areBelow(numbers, count, 0x7FFF, 0x0080 as UInt16)
  case .float64:
    var isBeyond = false
    for index in 0..<count {
      let number = numbers.loadUnaligned(fromByteOffset: 8 &* index, as: Double.self)
      // Nothing is less than or equal to what is no number.
      isBeyond = isBeyond || !(abs(number) <= Double(Float.greatestFiniteMagnitude))
    }
    return !isBeyond
  default: return true
  }
}

@inline(__always)
private func areBelow<Bits: FixedWidthInteger & BitwiseCopyable>(
  _ numbers: UnsafeRawPointer, _ count: Int, _ magnitude: Bits, _ one: Bits
) -> Bool {
  var carries: Bits = 0
  for index in 0..<count {
    let bits = numbers.loadUnaligned(
      fromByteOffset: MemoryLayout<Bits>.size &* index, as: Bits.self)
    carries |= (bits & magnitude) &+ one
  }
  return carries & ~magnitude == 0
}
