import NNDiagnostics

/// Why a binary file is no table; it has no lines to point at.
enum FormatProblem: Error, Equatable {
  /// It breaks the rules of its format.
  case malformed(String)
  /// It keeps them, and holds what no column can be made of.
  case unsupported(String, help: String?)
  case noRows(String)

  /// What to say of a file; `noun` is what it should be, with its article.
  func diagnostic(of name: String, a noun: String) -> Diagnostic {
    switch self {
    case .malformed(let reason):
      Diagnostic(
        "malformed-file", "'\(name)' is not \(noun) that can be read: \(reason)", file: name,
        at: .beginning, help: "Copy or write it again.")
    case .unsupported(let reason, let help):
      Diagnostic(
        "unsupported-values", "'\(name)': \(reason)", file: name, at: .beginning, help: help)
    case .noRows(let reason):
      Diagnostic("no-rows", "'\(name)' has no rows: \(reason)", file: name, at: .beginning)
    }
  }
}

/// Checks that an array has rows, and that they hold something.
///
/// - sizes: its axes, rows first.
func checkRows(_ sizes: [Int]) throws(FormatProblem) {
  guard let rows = sizes.first, rows > 0 else { throw .noRows("its first axis is of size zero") }
  guard !sizes.contains(0) else { throw .malformed("one of its axes is of size zero") }
  // A row is what a network takes at once.
  guard let row = byteCount(of: Array(sizes.dropFirst()), .uint8), row < 1 << 31 else {
    throw .malformed("a row of it is larger than memory")
  }
}
