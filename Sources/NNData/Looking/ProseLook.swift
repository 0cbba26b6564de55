/// A column of words that are texts rather than names: mostly different ones, of several words each.
package struct ProseLook: Sendable {
  /// How many words the longest text has.
  package let most: Int
  /// How many different words there are.
  package let vocabulary: Int

  /// Words of a text at least, on average.
  private static let leastWords = 4

  /// Nil where they are names.
  ///
  /// - codes: of each row the place of its text in `distinct`, below zero where it is missing.
  init?(_ codes: [Int32], _ distinct: [String]) {
    let present = codes.count { $0 >= 0 }
    guard distinct.count * 2 > present, present > 1 else { return nil }
    let division = TextDivision(pieces: .words, lowers: true)
    var words: Set<ExactText> = []
    var (all, most) = (0, 0)
    for text in distinct {
      let pieces = division(text)
      all += pieces.count
      most = max(most, pieces.count)
      words.formUnion(pieces)
    }
    guard all >= Self.leastWords * distinct.count else { return nil }
    self.most = most
    vocabulary = words.count
  }
}
