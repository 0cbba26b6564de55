/// Why a checkpoint or a run's folder could not be read or written.
///
/// Messages state the rule, the place and the way out, and are ready to be shown.
package enum CheckpointError: Error, Sendable, Equatable {
  /// A file is not the safetensors file it should be.
  case malformed(path: String, CheckpointFlaw)
  /// A well-formed checkpoint lacks what was asked of it.
  case missingTensor(path: String, name: String)
  /// A checkpoint of another version of nnc's format; of a version before there were any where nil.
  case otherFormat(path: String, format: String?, version: String?)
  /// A checkpoint that is not as nnc wrote it.
  case changed(path: String)
  /// Tensors that no safetensors file can hold.
  case unwritable(path: String, UnwritableReason)
  /// The operating system refused.
  case refused(FileOperation, path: String, code: Int32)
  /// Something else stands where a file or a folder is expected.
  case wrongKind(path: String, expected: ExpectedKind)
  /// A line of the metrics is not JSON.
  case badLine(path: String, line: Int, reason: String)
  /// Another process writes into a folder.
  case inUse(path: String)
  /// A name that cannot be the name of a folder.
  case badRunName(String)

  package enum UnwritableReason: Sendable, Equatable {
    case duplicateName(String)
    case reservedName
    case headerTooLong(byteCount: Int)
  }

  package enum ExpectedKind: Sendable, Equatable {
    case file
    case folder
  }

  package enum FileOperation: Sendable, Equatable {
    case open
    case read
    case write
    case createFolder
    case list
  }
}

extension CheckpointError: CustomStringConvertible {
  package var description: String { message }

  package var message: String {
    switch self {
    case .malformed(let path, let flaw):
      flaw.message(path: quoted(path))
    case .missingTensor(let path, let name):
      """
      \(quoted(path)) has no tensor \(quoted(name)); it was written for another model, so train \
      again or give the model file it belongs to
      """
    case .otherFormat(let path, let format, let version):
      """
      \(quoted(path)) is in \(format.map { "format \(quoted($0))" } ?? "an older format")\
      \(version.map { ", written by nnc \(quoted($0))" } ?? ""), and this one reads format \
      '\(Checkpoint.format)' alone; use the version that wrote it, or train again
      """
    case .changed(let path):
      """
      \(quoted(path)) is not as nnc wrote it: its content has not the SHA-256 that it names; copy it \
      again, or train again
      """
    case .unwritable(let path, .duplicateName(let name)):
      "two tensors for \(quoted(path)) have the name \(quoted(name)); names must differ"
    case .unwritable(let path, .reservedName):
      """
      no tensor of \(quoted(path)) may have the name '\(CheckpointHeader.metadataName)', which the \
      format reserves; choose another
      """
    case .unwritable(let path, .headerTooLong(let byteCount)):
      """
      the header of \(quoted(path)) would have \(grouped(byteCount)) bytes or more, the format allows \
      \(grouped(CheckpointHeader.maximumByteCount)); keep fewer or shorter vocabularies
      """
    case .refused(let operation, let path, let code):
      Self.message(operation, quoted(path), code)
    case .wrongKind(let path, .file):
      "\(quoted(path)) is not a regular file; give the path of a file"
    case .wrongKind(let path, .folder):
      "\(quoted(path)) is a file where a folder is needed; remove it or choose another folder"
    case .badLine(let path, let line, let reason):
      """
      line \(line) of \(quoted(path)) is not JSON: \(reason) of the line; take the line out or \
      start a new run
      """
    case .inUse(let path):
      "another process writes into \(quoted(path)); wait for it, or begin another run"
    case .badRunName(let name):
      """
      \(quoted(name)) cannot name a folder of runs; use a name of at most \
      \(RunFolder.maximumNameLength) bytes without '/' and control characters, other than '.' \
      and '..'
      """
    }
  }
}

/// A text from a stranger, fit for one line of a terminal.
///
/// Control and formatting characters would let a file's name or a tensor's rewrite the message
/// around it, and a name of a megabyte would drown it.
func quoted(_ text: String) -> String {
  let limit = 120
  var result = "'"
  for (index, scalar) in text.unicodeScalars.enumerated() {
    guard index < limit else {
      result += "…"
      break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      result += "\\u{" + String(scalar.value, radix: 16) + "}"
    default:
      result.unicodeScalars.append(scalar)
    }
  }
  return result + "'"
}

/// A number with commas between its thousands.
func grouped(_ number: some BinaryInteger) -> String {
  var result = ""
  let digits = String(number)
  for (index, digit) in digits.enumerated() {
    let left = digits.count - index
    if index > 0, left % 3 == 0, digits[digits.index(digits.startIndex, offsetBy: index - 1)] != "-"
    {
      result += ","
    }
    result.append(digit)
  }
  return result
}
