import NNModel

extension ResolvedFeature {
  /// The most frequent pieces of the training rows, where the file does not tell what there is; nil after
  /// reporting.
  func fitVocabulary(
    _ text: TextSpec, _ raw: RawFeature, _ rows: [Int], _ reader: inout Reader
  ) -> TextVocabulary? {
    guard text.reading.isSequence else { return TextVocabulary.none }
    if let known = text.knownVocabulary { return known }
    guard let texts = wordCounts(raw, rows, &reader) else { return nil }
    let division = text.reading.division
    var counts: [ExactText: Int] = [:]
    for (text, count) in zip(texts.distinct, texts.counts) where count > 0 {
      for piece in division(text) { counts[piece, default: 0] += count }
    }
    // What stands for missing texts is a text, also where the training rows miss none.
    if case .constant(let constant, _) = spec.missing {
      let missing = rows.count * raw.width - texts.counts.reduce(0, +)
      for piece in division(constant) { counts[piece, default: 0] += missing }
    }
    return TextVocabulary(counts, limit: text.vocabulary)
  }
}
