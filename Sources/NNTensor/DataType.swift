/// What an element is.
package enum DataType: String, Sendable, Hashable {
  case float32
  /// The upper half of a float32: its range with eight bits of precision. Only operands of matrix
  /// products and the like are of it.
  case bfloat16
  /// Class and vocabulary indices.
  case int32

  /// Bytes that an element takes.
  package var byteCount: Int { self == .bfloat16 ? 2 : 4 }
}
