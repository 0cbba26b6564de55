internal import NNJSON
internal import NNTensor

/// The rule of the format that a file breaks.
package enum CheckpointFlaw: Error, Sendable, Equatable {
  // The first eight bytes.
  case tooShort(byteCount: Int)
  case headerTooLong(byteCount: UInt64)
  case headerBeyondEnd(byteCount: UInt64, present: Int)

  // The header as a text.
  case headerNotUTF8(offset: Int)
  case headerNotJSON(reason: String, offset: Int)
  case headerNotObject
  case duplicateName(String)
  case metadataNotObject
  case metadataNotText(key: String)

  // One tensor's entry.
  case entryNotObject(tensor: String)
  case missingField(tensor: String, field: String)
  case unknownField(tensor: String, field: String)
  case unknownType(tensor: String, type: String)
  case badShape(tensor: String)
  case tooManyElements(tensor: String)
  case badOffsets(tensor: String)
  case reversedOffsets(tensor: String, begin: Int, end: Int)
  case sizeMismatch(tensor: String, expected: Int, named: Int)

  // The tensors together.
  case overlap(tensor: String, with: String)
  case hole(before: String, byteCount: Int)
  case truncated(tensor: String, named: Int, present: Int)
  case trailingBytes(Int)
  case changedWhileReading
}

extension CheckpointFlaw {
  /// The rule, the place and the way out, for a file whose path is quoted already.
  func message(path: String) -> String {
    switch self {
    case .tooShort(let byteCount):
      """
      \(path) is no checkpoint: it has \(grouped(byteCount)) bytes, the least is 8; copy the file \
      again
      """
    case .headerTooLong(let byteCount):
      """
      \(path) is no checkpoint: its first 8 bytes name a header of \(grouped(byteCount)) bytes, \
      the most is \(grouped(CheckpointHeader.maximumByteCount)); give a safetensors file
      """
    case .headerBeyondEnd(let byteCount, let present):
      """
      \(path) ends in the middle of its header: \(grouped(byteCount)) bytes are named, \
      \(grouped(present)) are there; copy the file again
      """
    case .headerNotUTF8(let offset):
      "\(path) is no checkpoint: its header is not UTF-8 at byte \(grouped(offset)) of the file"
    case .headerNotJSON(let reason, let offset):
      """
      \(path) is no checkpoint: its header is not the JSON it must be, \(reason) at byte \
      \(grouped(offset)) of the file
      """
    case .headerNotObject:
      "\(path) is no checkpoint: its header must be a JSON object that begins at byte 8"
    case .duplicateName(let name):
      "the header of \(path) gives the name \(quoted(name)) twice; write the file again"
    case .metadataNotObject:
      "'\(CheckpointHeader.metadataName)' of \(path) must be an object of strings"
    case .metadataNotText(let key):
      "\(quoted(key)) in '\(CheckpointHeader.metadataName)' of \(path) must be a string"
    case .entryNotObject(let tensor):
      "the entry of \(quoted(tensor)) in \(path) must be an object"
    case .missingField(let tensor, let field):
      "the entry of \(quoted(tensor)) in \(path) has no '\(field)'; write the file again"
    case .unknownField(let tensor, let field):
      """
      the entry of \(quoted(tensor)) in \(path) has a field \(quoted(field)); the format knows \
      \(CheckpointHeader.fields.map { "'\($0)'" }.joined(separator: ", ")) alone
      """
    case .unknownType(let tensor, let type):
      """
      \(quoted(tensor)) in \(path) has elements of type \(quoted(type)); nnc reads \
      \(StoredType.allCases.map(\.rawValue).joined(separator: ", ")), so convert the tensor first
      """
    case .badShape(let tensor):
      "the shape of \(quoted(tensor)) in \(path) must be a list of whole numbers, none negative"
    case .tooManyElements(let tensor):
      "the shape of \(quoted(tensor)) in \(path) has more elements than any memory could hold"
    case .badOffsets(let tensor):
      """
      'data_offsets' of \(quoted(tensor)) in \(path) must be two whole numbers, none negative: \
      where it begins and where it ends
      """
    case .reversedOffsets(let tensor, let begin, let end):
      """
      \(quoted(tensor)) in \(path) ends at byte \(grouped(end)), before its begin at byte \
      \(grouped(begin)) of the data
      """
    case .sizeMismatch(let tensor, let expected, let named):
      """
      the shape of \(quoted(tensor)) in \(path) needs \(grouped(expected)) bytes, its \
      'data_offsets' name \(grouped(named)); write the file again
      """
    case .overlap(let tensor, let other):
      "\(quoted(tensor)) and \(quoted(other)) share bytes in \(path); every byte has one owner"
    case .hole(let tensor, let byteCount):
      """
      \(grouped(byteCount)) bytes before \(quoted(tensor)) belong to no tensor of \(path); every \
      byte has one owner
      """
    case .truncated(let tensor, let named, let present):
      """
      \(path) ends in the middle of \(quoted(tensor)): \(grouped(named)) bytes are named, \
      \(grouped(present)) are there; copy the file again
      """
    case .trailingBytes(let count):
      "\(grouped(count)) bytes follow the last tensor of \(path); copy the file again"
    case .changedWhileReading:
      "\(path) became shorter while it was read; wait for its writer, then start again"
    }
  }
}
