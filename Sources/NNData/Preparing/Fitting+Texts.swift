extension ResolvedFeature {
  /// The most frequent pieces of the training rows, where the file does not tell what there is.
  func fitVocabulary(
    _ text: TextSpec, _ codes: [Int32], _ distinct: [String], _ width: Int, _ rows: [Int]
  ) -> TextVocabulary {
    guard text.reading.isSequence else { return .none }
    if let known = text.knownVocabulary { return known }
    var uses = [Int](repeating: 0, count: distinct.count)
    var missing = 0
    for row in rows {
      for code in codes[row * width..<(row + 1) * width] {
        if code >= 0 { uses[Int(code)] += 1 } else { missing += 1 }
      }
    }
    let division = text.reading.division
    var counts: [ExactText: Int] = [:]
    for (place, count) in uses.enumerated() where count > 0 {
      for piece in division(distinct[place]) { counts[piece, default: 0] += count }
    }
    // What stands for missing texts is a text, also where the training rows miss none.
    if case .constant(let constant, _) = spec.missing {
      for piece in division(constant) { counts[piece, default: 0] += missing }
    }
    return TextVocabulary(counts, limit: text.vocabulary)
  }
}
