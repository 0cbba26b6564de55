import NNDiagnostics
package import NNTensor

/// A column of a file that says itself what its values are.
package struct TypedColumn: Sendable {
  package enum Values: Sendable {
    /// NaN where missing.
    case numbers([Double])
    /// The place of each row's word in `distinct`, −1 where missing.
    case words(codes: [Int32], distinct: [String])
    /// A tensor in each row.
    case tensors(any TensorColumn)
  }

  package let name: String
  package let values: Values
  /// The classes that the file declares for its words, in their order.
  package let classes: [String]?
  /// Whether its words are lists of numbers, not all of one length.
  let isLists: Bool

  package init(
    _ name: String, _ values: Values, classes: [String]? = nil, isLists: Bool = false
  ) {
    self.isLists = isLists
    self.name = name
    self.values = values
    self.classes = classes
  }

  package var rowCount: Int {
    switch values {
    case .numbers(let numbers): numbers.count
    case .words(let codes, _): codes.count
    case .tensors(let tensors): tensors.rowCount
    }
  }

  /// The shape of one row; nil of single values.
  package var shape: Shape? {
    if case .tensors(let tensors) = values { tensors.shape } else { nil }
  }

  /// What a row says, as one would write it; nothing where it is missing, or a tensor.
  func text(row: Int) -> String {
    switch values {
    case .numbers(let numbers): numbers[row].isNaN ? "" : word(for: numbers[row])
    case .words(let codes, let distinct): codes[row] < 0 ? "" : distinct[Int(codes[row])]
    case .tensors: ""
    }
  }
}

/// The word that a number is where it names a class: the shortest decimal, 3 for 3.0.
func word(for number: Double) -> String {
  let isWhole = number.rounded() == number && abs(number) < 1e15
  return isWhole ? String(Int(number)) : String(number)
}

/// Gives words their codes, in the order in which they are first met.
struct WordCodes {
  private(set) var codes: [Int32] = []
  private(set) var distinct: [String] = []
  private var known: [String: Int32] = [:]

  mutating func reserve(_ count: Int) { codes.reserveCapacity(count) }

  mutating func append(_ word: String) { codes.append(code(of: word)) }

  mutating func appendMissing() { codes.append(-1) }

  mutating func append(code: Int32) { codes.append(code) }

  /// The code of a word, a new one if it is new.
  mutating func code(of word: String) -> Int32 {
    if let code = known[word] { return code }
    let code = Int32(truncatingIfNeeded: distinct.count)
    known[word] = code
    distinct.append(word)
    return code
  }

  var values: TypedColumn.Values { .words(codes: codes, distinct: distinct) }
}

/// The typed columns of a table, and where their rows stand.
struct TypedRows: Sendable {
  let columns: [TypedColumn]
  /// What findings point into; nil of binary files.
  let text: FileBytes?
  /// Where each row begins in the text; empty where rows have no place.
  let starts: [Int]

  /// The line of a row; the beginning of a file that has no lines.
  func range(row: Int) -> SourceRange {
    guard let text, starts.indices.contains(row) else { return .beginning }
    return text.withBytes { memory in
      let bytes = memory.bindMemory(to: UInt8.self)
      let end = firstOffset(of: UInt8(ascii: "\n"), in: bytes, from: starts[row]) ?? bytes.count
      return textRange(starts[row]..<end, in: bytes)
    }
  }
}
