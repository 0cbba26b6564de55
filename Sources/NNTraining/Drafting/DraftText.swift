import NNData
import NNModel

/// The lines of a draft about a column of texts.
struct DraftText {
  let input: String
  /// Two layers; the last gives a vector.
  let path: [String]
  let id: String

  /// Longer texts are cut.
  private static let longest = 256
  private static let mostWords = 10_000

  init(_ column: ColumnLook, _ prose: ProseLook, number: Int) {
    let name = column.name.written
    let isCut = prose.most > DraftText.longest
    let length = isCut ? "\(DraftText.longest), cut: end" : "\(prose.most)"
    // About half of the words of a text occur once, and nothing can be learnt of them.
    let vocabulary = min(DraftText.mostWords, max(prose.vocabulary / 2, 3))
    let missing = column.missing > 0 ? ", missing: {constant: unknown}" : ""
    input =
      "\(name): {column: \(name), type: text, split: words, length: \(length), "
      + "vocabulary: \(vocabulary)\(missing)}"
    id = "text_\(number)"
    path = [
      "- {id: words_\(number), embedding: {units: 32, padding: 0}, from: \(name)}",
      "- {id: \(id), sequence_pool: {function: mean, mask: \(name)}}    # of its words",
    ]
  }
}
