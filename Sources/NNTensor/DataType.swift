/// What an element is; both take four bytes.
package enum DataType: String, Sendable, Hashable {
  case float32
  /// Class and vocabulary indices.
  case int32
}
