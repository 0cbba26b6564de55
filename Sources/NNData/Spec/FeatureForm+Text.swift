import NNDiagnostics
import NNModel
import NNYAML

extension FeatureForm {
  /// What becomes of a text or of tokens, or nil after reporting.
  func checkText(_ type: ColumnType, _ reader: inout Reader) -> TextSpec? {
    let before = reader.diagnostics.count
    let own = type == .tokens ? TextFields.ofTokens : TextFields.ofTexts
    for name in TextFields.names where text.written.contains(name) && !own.contains(name) {
      reader.error(
        "field-not-for-type",
        "'\(name)' is for \(type == .tokens ? "texts" : "tokens"), '\(self.name)' is \(type.described)",
        at: key(name),
        help: name == "padding" ? "The padding of a text is the index 0, <pad>." : nil)
    }
    let form = type == .tokens ? checkTokens(&reader) : checkTextForm(&reader)
    guard let form, reader.diagnostics.count == before else { return nil }
    let pieces = type == .tokens ? .tokens : text.split?.pieces ?? .words
    let reading = TextReading(
      pieces: pieces, lowers: text.lower ?? (pieces == .words), form: form)
    checkConstant(reading, &reader)
    guard reader.diagnostics.count == before else { return nil }
    return TextSpec(reading: reading, vocabulary: text.vocabulary)
  }

  private func checkTextForm(_ reader: inout Reader) -> TextReading.Form? {
    guard let buckets = text.buckets else {
      guard let length = text.length else {
        reader.error(
          "missing-field",
          role == .input
            ? "'\(name)' needs 'length' or 'buckets': a text is so many indices, or counts of n-grams"
            : "'\(name)' needs 'length': how many words or characters are told",
          at: nameRange,
          help: role == .input
            ? "Write length: 64 for an embedding, or buckets: 16384 for a dense layer."
            : "Write length: 64, as its input has it.")
        return nil
      }
      if text.ngrams != nil {
        reader.error(
          "conflicting-fields", "'ngrams' are counted in buckets, and 'length' makes indices",
          at: key("ngrams"), help: "Say buckets: 16384 instead of length, or take ngrams: out.")
      }
      if let vocabulary = text.vocabulary, vocabulary < 3 {
        reader.error(
          "out-of-range",
          "\(vocabulary) is out of range: the first two indices are <pad> and <unknown>",
          at: key("vocabulary"))
      }
      return .sequence(sequence(length, padding: 0))
    }
    if text.length != nil {
      reader.error(
        "conflicting-fields", "'buckets' counts n-grams, and 'length' makes indices",
        at: key("length"), help: "Keep one of them.")
    }
    for name in TextFields.names
    where text.written.contains(name) && TextFields.ofSequences.contains(name) {
      reader.error(
        "conflicting-fields", "'\(name)' is for indices, and 'buckets' counts n-grams",
        at: key(name), help: "Take one of them out.")
    }
    return .counts(HashedCounts(buckets: buckets, sizes: text.ngrams?.sizes ?? 1...1))
  }

  private func checkTokens(_ reader: inout Reader) -> TextReading.Form? {
    if text.length == nil || text.vocabulary == nil {
      let missing = text.length == nil ? "length" : "vocabulary"
      reader.error(
        "missing-field",
        "'\(name)' needs '\(missing)': "
          + (text.length == nil
            ? "how many tokens a row has" : "how many different tokens there are"),
        at: nameRange, help: "Write \(missing): \(text.length == nil ? 128 : 1024).")
    }
    guard let length = text.length, let vocabulary = text.vocabulary else { return nil }
    if let padding = text.padding, padding >= vocabulary {
      reader.error(
        "out-of-range",
        "\(padding) is out of range: there are \(vocabulary) tokens, counted from 0",
        at: key("padding"))
    }
    return .sequence(sequence(length, padding: text.padding.map { Int32(clamping: $0) }))
  }

  /// - padding: of an input; what fills a target up counts for nothing.
  private func sequence(_ length: Int, padding: Int32?) -> TextSequence {
    TextSequence(
      length: length, cut: text.cut, pad: text.pad ?? .end,
      padding: role == .target ? -1 : padding, shift: text.shift ?? 0)
  }

  /// Reports a text for missing ones that has nothing in it.
  private func checkConstant(_ reading: TextReading, _ reader: inout Reader) {
    guard case .constant(let text, let range) = missing else { return }
    guard reading.pieces == .tokens else {
      if reading.division.isEmpty(text) {
        reader.error(
          "wrong-type", "expected a text with one of the \(reading.pieces.rawValue) in it",
          at: range,
          help: "It stands in the place of missing texts.")
      }
      return
    }
    do throws(TokenProblem) {
      guard try tokens(text, vocabulary: self.text.vocabulary ?? 0).isEmpty else { return }
    } catch {}
    reader.error(
      "wrong-type",
      "expected tokens below \(self.text.vocabulary ?? 0), found '\(shortened(text))'",
      at: range, help: "They stand in the place of missing ones.")
  }

  /// Reports fields of texts where this is something else.
  func checkNoText(_ type: ColumnType, _ reader: inout Reader) {
    for name in TextFields.names where text.written.contains(name) {
      let owner =
        name == "shift"
        ? "texts, tokens and windows"
        : TextFields.ofTokens.contains(name)
          ? TextFields.ofTexts.contains(name) ? "texts and tokens" : "tokens" : "texts"
      reader.error(
        "field-not-for-type", "'\(name)' is for \(owner), '\(self.name)' is \(type.described)",
        at: key(name),
        help: name == "shift"
          ? "Say type: text, or windows: {…} in 'data'."
          : self.type == nil ? "Say type: text." : nil)
    }
  }
}
