import NNTensor

/// The texts or tokens of a feature, as the training rows have them.
package struct TextLook: Sendable {
  package let feature: String
  package let role: FeatureSpec.Role
  package let pieces: TextPieces
  /// How many pieces the texts have: the fewest, the most, and of a half of them at most so many.
  package let least: Int
  package let median: Int
  package let most: Int
  /// How many rows are cut.
  package let cutRows: Int
  /// How many indices there are; of counts, how many buckets.
  package let indices: Int
  /// The share of pieces that are not in the vocabulary; nil where all have an index.
  package let unknown: Double?
  /// The beginning of the first sample, as the network sees it; of counts the text's pieces.
  package let sample: [String]
  /// Whether there is more of it.
  package let isSampleCut: Bool
}

extension TextLook {
  private static let shownPieces = 12

  /// - rows: those that are trained on.
  init?(
    _ feature: FittedFeature, _ raw: RawFeature, rows: [Int], role: FeatureSpec.Role
  ) {
    guard case .text(let reading, let vocabulary) = feature.content,
      case .words(let codes, let distinct) = raw.values
    else { return nil }
    let texts = TextRows(
      reading: reading, codes: codes, distinct: distinct, width: raw.width,
      missing: feature.missing)
    let division = reading.division
    let known = vocabulary.indices
    var lengths: [Int] = []
    var (all, strange) = (0, 0)
    var first: [String]?
    for row in rows {
      let pieces = texts.texts(row).flatMap { text -> [ExactText] in
        guard reading.pieces == .tokens else { return division(text) }
        return TextLook.tokensOf(text, vocabulary).map { ExactText("\($0)") }
      }
      lengths.append(pieces.count)
      all += pieces.count
      if case .words = vocabulary { strange += pieces.count { known[$0] == nil } }
      first = first ?? TextLook.shown(pieces, reading, vocabulary, known)
    }
    lengths.sort()
    self.feature = feature.name
    self.role = role
    pieces = reading.pieces
    least = lengths.first ?? 0
    median = lengths.isEmpty ? 0 : lengths[(lengths.count - 1) / 2]
    most = lengths.last ?? 0
    let length = feature.shape.count
    cutRows = reading.isSequence ? lengths.count { $0 > length } : 0
    indices = vocabulary.count ?? length
    if case .words = vocabulary, all > 0 {
      unknown = Double(strange) / Double(all)
    } else {
      unknown = nil
    }
    sample = Array((first ?? []).prefix(TextLook.shownPieces))
    isSampleCut = (first?.count ?? 0) > TextLook.shownPieces
  }

  private static func tokensOf(_ text: String, _ vocabulary: TextVocabulary) -> [Int32] {
    do throws(TokenProblem) {
      return try tokens(text, vocabulary: vocabulary.count ?? 0)
    } catch {
      return []
    }
  }

  /// What the network sees of a text, in words.
  private static func shown(
    _ pieces: [ExactText], _ reading: TextReading, _ vocabulary: TextVocabulary,
    _ known: [ExactText: Int32]
  ) -> [String] {
    guard case .sequence(let sequence) = reading.form else { return pieces.map(\.text) }
    // Laid out are the places of the pieces, so that what is told is what stands there.
    let places = UnsafeMutableBufferPointer<Int32>.allocate(capacity: sequence.length)
    defer { places.deallocate() }
    places.initialize(repeating: 0)
    let layout = TextSequence(
      length: sequence.length, cut: sequence.cut, pad: sequence.pad, padding: -1,
      shift: sequence.shift)
    layout.lay((0..<Int32(clamping: pieces.count)).map { $0 }, into: places)
    return places.map { place in
      guard place >= 0 else {
        guard reading.pieces == .tokens else { return TextVocabulary.padding }
        return sequence.padding.map { "\($0)" } ?? ""
      }
      let piece = pieces[Int(place)]
      guard case .words = vocabulary else { return piece.text }
      return known[piece] == nil ? TextVocabulary.unknown : piece.text
    }
  }
}
