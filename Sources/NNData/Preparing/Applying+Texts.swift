import NNDiagnostics
import NNTensor

/// The texts of a table and how they are read.
struct TextRows {
  let reading: TextReading
  /// Of each value of each row the place of its text, below zero where it is missing.
  let codes: [Int32]
  let distinct: [String]
  /// Values of a row.
  let width: Int
  let missing: FittedMissing

  /// The texts of a row, with what stands for missing ones.
  func texts(_ row: Int) -> [String] {
    codes[row * width..<(row + 1) * width].compactMap { code in
      if code >= 0 { return distinct[Int(code)] }
      if case .word(let word) = missing { return word }
      return nil
    }
  }
}

extension FittedFeature {
  /// More floats than these, 2 GiB, are counts that no one means to make.
  private static let mostCounts = 1 << 29

  /// Makes indices or counts of some rows.
  func apply(
    _ texts: TextRows, _ vocabulary: TextVocabulary, _ raw: RawFeature, _ rows: [Int],
    _ table: Table, _ part: PreparedPart, _ problems: inout TableProblems
  ) -> FeatureArray.Storage {
    let (size, overflows) = rows.count.multipliedReportingOverflow(by: shape.count)
    let place = TableProblems.Place.cell(row: rows.first ?? 0, column: raw.columns.first ?? 0)
    switch texts.reading.form {
    case .counts(let counts):
      guard !overflows, size <= Self.mostCounts else {
        problems.add(
          "out-of-range", at: place,
          "\(rows.count) rows of \(counts.buckets) counts are more numbers than fit into 2 GiB",
          help: "Say fewer buckets, or make indices with length: and use an embedding.")
        return .float([])
      }
      return .float(self.counts(texts, counts, rows))
    case .sequence(let sequence):
      guard !overflows, size <= 1 << 31 else {
        problems.add(
          "out-of-range", at: place,
          "\(rows.count) rows of \(sequence.length) indices are more than fit into memory",
          help: "Say a smaller length, and cut: end.")
        return .index([])
      }
      return .index(
        indices(texts, sequence, vocabulary, raw, rows, table, part, &problems))
    }
  }

  private func counts(_ texts: TextRows, _ counts: HashedCounts, _ rows: [Int]) -> [Float] {
    let division = texts.reading.division
    var result = [Float](repeating: 0, count: rows.count * counts.buckets)
    result.withUnsafeMutableBufferPointer { output in
      for (place, row) in rows.enumerated() {
        let own = UnsafeMutableBufferPointer(
          rebasing: output[place * counts.buckets..<(place + 1) * counts.buckets])
        for text in texts.texts(row) {
          counts.count(division(text), separated: texts.reading.pieces == .words, into: own)
        }
      }
    }
    return result
  }

  private func indices(
    _ texts: TextRows, _ sequence: TextSequence, _ vocabulary: TextVocabulary, _ raw: RawFeature,
    _ rows: [Int], _ table: Table, _ part: PreparedPart, _ problems: inout TableProblems
  ) -> [Int32] {
    let division = texts.reading.division
    let known = vocabulary.indices
    var found = TableProblems()
    var odd = OddLengths()
    var result = [Int32](repeating: 0, count: rows.count * sequence.length)
    result.withUnsafeMutableBufferPointer { output in
      for (place, row) in rows.enumerated() {
        var indices: [Int32] = []
        for text in texts.texts(row) {
          guard case .tokens(let count) = vocabulary else {
            indices += division(text).map { known[$0] ?? TextVocabulary.unknownIndex }
            continue
          }
          do throws(TokenProblem) {
            indices += try tokens(text, vocabulary: count)
          } catch {
            found.addBadToken(error, count, row, raw.columns[0], in: table)
          }
        }
        odd.look(at: indices.count, row: row, sequence)
        sequence.lay(
          indices,
          into: UnsafeMutableBufferPointer(
            rebasing: output[place * sequence.length..<(place + 1) * sequence.length]))
      }
    }
    // How long they are says nothing where they could not be read.
    if found.isEmpty {
      found.add(odd, sequence, texts.reading.pieces, self, raw, table, isNew: part == .new)
    }
    problems.add(found)
    return result
  }
}

/// The rows that are too long, and those that are too short, for a length.
struct OddLengths {
  private(set) var long = 0
  private(set) var longest: (row: Int, count: Int) = (0, 0)
  private(set) var short = 0
  private(set) var shortest: (row: Int, count: Int) = (0, .max)

  mutating func look(at count: Int, row: Int, _ sequence: TextSequence) {
    if count > sequence.length, sequence.cut == nil {
      long += 1
      if count > longest.count { longest = (row, count) }
    } else if count < sequence.length, sequence.padding == nil {
      short += 1
      if count < shortest.count { shortest = (row, count) }
    }
  }
}

extension TableProblems {
  /// Reports rows that do not have the length that is asked for.
  fileprivate mutating func add(
    _ odd: OddLengths, _ sequence: TextSequence, _ pieces: TextPieces, _ feature: FittedFeature,
    _ raw: RawFeature, _ table: Table, isNew: Bool
  ) {
    let column = raw.columns[0]
    let length = pieces.counted(sequence.length)
    if odd.long > 0 {
      let rows = odd.long == 1 ? "1 row has" : "\(odd.long) rows have"
      add(
        "text-length", at: .cell(row: odd.longest.row, column: column),
        "\(rows) more than the \(length) of '\(feature.name)'; the longest, "
          + "\(table.rowName(odd.longest.row)), has \(odd.longest.count)",
        help: isNew
          ? "The model was trained without a rule for longer ones; cut them before."
          : "Say length: \(odd.longest.count), or cut: end to leave out what comes later, or cut: start."
      )
    }
    if odd.short > 0 {
      let rows = odd.short == 1 ? "1 row has" : "\(odd.short) rows have"
      add(
        "text-length", at: .cell(row: odd.shortest.row, column: column),
        "\(rows) fewer than the \(length) of '\(feature.name)'; the shortest, "
          + "\(table.rowName(odd.shortest.row)), has \(odd.shortest.count)",
        help: isNew
          ? "The model was trained without a rule for shorter ones."
          : "Say which token fills them up, such as padding: 0.")
    }
  }

  fileprivate mutating func addBadToken(
    _ problem: TokenProblem, _ count: Int, _ row: Int, _ column: Int, in table: Table
  ) {
    let place = "\(table.rowName(row)), column '\(table.columnNames[column])': "
    switch problem {
    case .noNumber(let text):
      add(
        "bad-token", at: .cell(row: row, column: column),
        place + "'\(text)' is no token, which is a whole number from 0",
        help: "Tokens are written 17 4 250 or [17, 4, 250]; of words say type: text.")
    case .outside(let text):
      add(
        "bad-token", at: .cell(row: row, column: column),
        place + "the token \(text) is none of the \(count) from 0 to \(count - 1)",
        help: "vocabulary: says how many there are.")
    }
  }
}
