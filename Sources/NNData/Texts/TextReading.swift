import NNModel
package import NNTensor

/// How texts become numbers: what they are divided into, and what is made of the pieces.
package struct TextReading: Sendable, Equatable {
  package enum Form: Sendable, Equatable {
    case sequence(TextSequence)
    case counts(HashedCounts)
  }

  package let pieces: TextPieces
  /// Whether letters are lowered.
  package let lowers: Bool
  package let form: Form

  var division: TextDivision { TextDivision(pieces: pieces, lowers: lowers) }

  /// The shape of a sample.
  package var shape: Shape {
    switch form {
    case .sequence(let sequence): [sequence.length]
    case .counts(let counts): [counts.buckets]
    }
  }

  var isSequence: Bool { if case .sequence = form { true } else { false } }

  /// How many places further a target stands.
  var shift: Int { if case .sequence(let sequence) = form { sequence.shift } else { 0 } }
}

/// Texts as sequences of indices of one length.
package struct TextSequence: Sendable, Equatable {
  package let length: Int
  /// Where texts that are too long are cut; nil where none may be.
  package let cut: TextEnd?
  /// Where texts that are too short are filled up.
  package let pad: TextEnd
  /// What fills them up: −1 of targets, where it counts for nothing; nil where none may be short.
  package let padding: Int32?
  /// Each place holds what stands so many places further in the text.
  package let shift: Int

  /// Lays the indices of a text out.
  ///
  /// - output: `length` of them.
  func lay(_ indices: [Int32], into output: UnsafeMutableBufferPointer<Int32>) {
    output.update(repeating: padding ?? 0)
    // Where in the text the first place that is laid out stands, and how many there are.
    let first = cut == .start ? max(indices.count - length, 0) : 0
    let count = min(indices.count - first, length)
    let start = pad == .start ? length - count : 0
    for place in 0..<count where first + place + shift < indices.count {
      output[start + place] = indices[first + place + shift]
    }
  }
}

/// What indices stand for.
package enum TextVocabulary: Sendable, Equatable {
  /// Words or characters; the first is padding, the second all that are not among them.
  case words([String])
  /// So many tokens, whose numbers are in the data.
  case tokens(Int)
  /// Counts need none.
  case none

  package static let padding = "<pad>"
  package static let unknown = "<unknown>"
  /// The index of ``unknown``.
  static let unknownIndex: Int32 = 1

  /// The most frequent pieces, of equals the first by code point.
  ///
  /// - limit: how many indices there may be, those of padding and of unknown pieces included.
  init(_ counts: [ExactText: Int], limit: Int?) {
    let order = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    let kept = limit.map { order.prefix(max($0 - 2, 0)) } ?? order[...]
    self = .words([Self.padding, Self.unknown] + kept.map(\.key.text))
  }

  /// The names of the indices.
  package var classes: [String]? {
    switch self {
    case .words(let words): words
    case .tokens(let count): (0..<count).map(String.init)
    case .none: nil
    }
  }

  package var count: Int? {
    switch self {
    case .words(let words): words.count
    case .tokens(let count): count
    case .none: nil
    }
  }

  /// The indices of words; padding has no word.
  var indices: [ExactText: Int32] {
    guard case .words(let words) = self else { return [:] }
    var result: [ExactText: Int32] = [:]
    result.reserveCapacity(words.count)
    for (place, word) in words.enumerated().dropFirst(2) {
      result[ExactText(word)] = Int32(truncatingIfNeeded: place)
    }
    return result
  }
}
