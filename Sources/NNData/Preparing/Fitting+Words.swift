import NNModel

/// How many values of some rows are each word.
struct WordCounts {
  let distinct: [String]
  let counts: [Int]

  init(_ codes: [Int32], _ distinct: [String], _ width: Int, _ rows: [Int]) {
    var counts = [Int](repeating: 0, count: distinct.count)
    for row in rows {
      for code in codes[row * width..<(row + 1) * width] where code >= 0 { counts[Int(code)] += 1 }
    }
    self.distinct = distinct
    self.counts = counts
  }

  /// The words that occur.
  var words: [String] { distinct.indices.filter { counts[$0] > 0 }.map { distinct[$0] } }
}

extension ResolvedFeature {
  /// The words that occur in the training rows, and the one that stands for missing values.
  func wordsUsed(_ counts: WordCounts) -> [String] {
    var words = counts.words
    // What stands for missing values is a class even if the training rows miss none.
    if case .constant(let text, _) = spec.missing, !words.contains(text) { words.append(text) }
    return words
  }

  /// The words of too few training rows to be classes of their own, sorted.
  func rareWords(_ counts: WordCounts) -> [String] {
    guard let least = spec.buckets.rare else { return [] }
    var constant: String?
    if case .constant(let text, _) = spec.missing { constant = text }
    return sortedClasses(
      counts.distinct.indices.filter { place in
        (1..<least).contains(counts.counts[place]) && counts.distinct[place] != constant
          && !buckets.contains(counts.distinct[place])
      }.map { counts.distinct[$0] })
  }

  /// The classes that stand for several words, which come last.
  var buckets: [String] {
    (spec.buckets.rare == nil ? [] : [FittedFeature.rareWord])
      + (spec.buckets.hasUnknown ? [FittedFeature.unknownWord] : [])
  }

  /// The word of most training rows; of several the first class.
  func fitMode(_ counts: WordCounts, _ reader: inout Reader) -> FittedMissing? {
    let most = counts.counts.max() ?? 0
    let words = counts.distinct.indices.filter { counts.counts[$0] == most && most > 0 }
      .map { counts.distinct[$0] }
    guard let word = sortedClasses(words).first else { return nothingToFit(0, "mode", &reader) }
    return .word(word)
  }
}
