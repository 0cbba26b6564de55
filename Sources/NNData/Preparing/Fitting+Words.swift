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

  /// Of rows in a file, ascending.
  init(
    _ codes: FiledRows<Int32>, _ distinct: [String], _ rows: [Int]
  ) throws(StorageProblem) {
    var counts = [Int](repeating: 0, count: distinct.count)
    let width = codes.width
    let block = 1 << 16
    var place = 0
    while place < rows.count {
      let first = rows[place]
      let loaded = try codes.read(first..<min(first + block, codes.rowCount))
      while place < rows.count, rows[place] - first < block {
        let from = (rows[place] - first) * width
        for code in loaded[from..<from + width] where code >= 0 { counts[Int(code)] += 1 }
        place += 1
      }
    }
    self.distinct = distinct
    self.counts = counts
  }

  /// The words that occur.
  var words: [String] { distinct.indices.filter { counts[$0] > 0 }.map { distinct[$0] } }
}

extension ResolvedFeature {
  /// How often the training rows have each word; nil where there are none, or after reporting.
  func wordCounts(
    _ raw: RawFeature, _ rows: [Int], _ reader: inout Reader
  ) -> WordCounts? {
    switch raw.values {
    case .words(let codes, let distinct): return WordCounts(codes, distinct, raw.width, rows)
    case .filedWords(let codes, let distinct):
      do throws(StorageProblem) {
        return try WordCounts(codes, distinct, rows)
      } catch {
        reader.report(error, at: spec.nameRange)
        return nil
      }
    default: return nil
    }
  }

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
