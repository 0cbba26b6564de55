import NNJSON
import NNTensor

extension TextReading {
  /// What a checkpoint keeps of it.
  func members(_ vocabulary: TextVocabulary) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [.init("split", JSONValue(pieces.rawValue))]
    if pieces != .tokens { members.append(.init("lower", JSONValue(lowers))) }
    switch form {
    case .sequence(let sequence):
      if let cut = sequence.cut { members.append(.init("cut", JSONValue(cut.rawValue))) }
      members.append(.init("pad", JSONValue(sequence.pad.rawValue)))
      if let padding = sequence.padding {
        members.append(.init("padding", .integer(Int64(padding))))
      }
      if sequence.shift > 0 { members.append(.init("shift", JSONValue(sequence.shift))) }
    case .counts(let counts):
      members.append(
        .init(
          "ngrams",
          [JSONValue(counts.sizes.lowerBound), JSONValue(counts.sizes.upperBound)]))
    }
    switch vocabulary {
    case .words(let words): members.append(.init("classes", .array(words.map { .string($0) })))
    case .tokens(let count): members.append(.init("vocabulary", JSONValue(count)))
    case .none: break
    }
    return members
  }

  /// Takes what the members say; the shape tells the length, or the buckets.
  static func take(
    _ object: inout JSONObject, _ shape: Shape
  ) throws(PreprocessingError) -> (TextReading, TextVocabulary) {
    guard let pieces = TextPieces(rawValue: try object.takeText("split")) else {
      throw object.wrong("split", "words, characters or tokens")
    }
    let lowers = pieces == .tokens ? false : try object.takeBool("lower")
    guard shape.rank == 1 else { throw object.wrong("shape", "one axis") }
    if object.has("ngrams") {
      let sizes = try object.takeSizes("ngrams")
      guard pieces != .tokens, sizes.count == 2, sizes[0] <= sizes[1], sizes[1] <= NgramSizes.most
      else { throw object.wrong("ngrams", "the least and the most pieces of an n-gram of a text") }
      let counts = HashedCounts(buckets: shape.count, sizes: sizes[0]...sizes[1])
      return (TextReading(pieces: pieces, lowers: lowers, form: .counts(counts)), .none)
    }
    let vocabulary = try takeVocabulary(&object, pieces)
    let sequence = try takeSequence(&object, pieces, length: shape.count, vocabulary)
    return (TextReading(pieces: pieces, lowers: lowers, form: .sequence(sequence)), vocabulary)
  }

  private static func takeSequence(
    _ object: inout JSONObject, _ pieces: TextPieces, length: Int, _ vocabulary: TextVocabulary
  ) throws(PreprocessingError) -> TextSequence {
    var cut: TextEnd?
    if let text = try object.takeOptionalText("cut") {
      guard let end = TextEnd(rawValue: text) else { throw object.wrong("cut", "start or end") }
      cut = end
    }
    guard let pad = TextEnd(rawValue: try object.takeText("pad")) else {
      throw object.wrong("pad", "start or end")
    }
    var padding: Int32?
    if let value = object.takeOptional("padding") {
      let most = pieces == .tokens ? vocabulary.count ?? 0 : 1
      guard let number = value.integerValue, number >= -1, number < most else {
        throw object.wrong("padding", "an index, or -1")
      }
      padding = Int32(truncatingIfNeeded: number)
    } else if pieces != .tokens {
      throw object.wrong("padding", "an index, or -1")
    }
    let shift = object.has("shift") ? try object.takeCount("shift") : 0
    return TextSequence(length: length, cut: cut, pad: pad, padding: padding, shift: shift)
  }

  private static func takeVocabulary(
    _ object: inout JSONObject, _ pieces: TextPieces
  ) throws(PreprocessingError) -> TextVocabulary {
    guard pieces != .tokens else { return .tokens(try object.takeCount("vocabulary")) }
    let words = try object.takeTexts("classes")
    guard words.count >= 2, words[0] == TextVocabulary.padding,
      words[1] == TextVocabulary.unknown, Set(words.map(ExactText.init)).count == words.count
    else { throw object.wrong("classes", "<pad>, <unknown>, then different pieces") }
    return .words(words)
  }
}
