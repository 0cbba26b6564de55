// How the rows of one table become parts, as its split says.
import NNDiagnostics
import NNModel
import NNTensor

extension DataSpec {
  func divide(
    _ decoded: DecodedTable, _ split: SplitSpec, _ modelSeed: UInt64, _ reader: inout Reader
  ) -> [Part]? {
    let seed = split.fields.seed.map { UInt64($0) } ?? modelSeed
    guard var divided = divideRows(decoded, split, seed, &reader) else { return nil }
    if let folds = split.fields.folds, let fold = split.fields.fold {
      guard
        let cut = cutFolds(
          divided[0], decoded, split, seed: seed, count: folds, fold.value, &reader)
      else { return nil }
      divided[0] = cut.rest
      divided[1] = (divided[1] + cut.fold).sorted()
    }
    return zip(SplitName.allCases, divided).compactMap { name, rows in
      rows.isEmpty ? nil : Part(name: name, table: decoded, rows: rows)
    }
  }

  /// The rows of each part, before folds.
  func divideRows(
    _ decoded: DecodedTable, _ split: SplitSpec, _ seed: UInt64, _ reader: inout Reader
  ) -> [[Int]]? {
    if let by = split.fields.by { return divide(decoded, by: by, &reader) }
    let splitting = Splitting(
      shares: SplitName.allCases.map(split.share), seed: seed,
      shuffles: split.fields.shuffle ?? (decoded.table.windows == nil))
    let sizes = splitting.sizes(decoded.rows.count)
    for (name, size) in zip(SplitName.allCases, sizes) where split.share(name) > 0 && size == 0 {
      reader.error(
        "empty-split",
        "the \(name.rawValue) part has no rows: \(shown(split.share(name))) of "
          + "\(decoded.rows.count) is less than one",
        at: split.range, help: "Make its share larger, or leave it out.")
      return nil
    }
    let divided: [[Int]]
    if let time = split.fields.time {
      guard let order = self.order(decoded, by: time, &reader) else { return nil }
      let ordered = Splitting(shares: splitting.shares, seed: seed, shuffles: false)
      divided = ordered.divide(ordered: order)
    } else {
      guard let parts = draw(decoded.rows, of: decoded, split, splitting, &reader) else {
        return nil
      }
      divided = decoded.table.windows?.apart(parts) ?? parts
    }
    for (name, rows) in zip(SplitName.allCases, divided) where split.share(name) > 0 && rows.isEmpty
    {
      reader.error(
        "empty-split",
        split.fields.group.map { "the \(name.rawValue) part has no group of '\($0.value)'" }
          ?? "the \(name.rawValue) part has no windows that do not reach into the one before",
        at: split.range,
        help: split.fields.group == nil
          ? "Make its share or the stride larger." : "Make its share larger, or leave it out.")
      return nil
    }
    return divided
  }

  /// Draws parts of some rows, in proportion and in groups where the split wants that.
  private func draw(
    _ rows: [Int], of decoded: DecodedTable, _ split: SplitSpec, _ splitting: Splitting,
    _ reader: inout Reader
  ) -> [[Int]]? {
    var classes: [(name: String, rows: [Int])]?
    if let stratify = split.fields.stratify {
      guard let found = self.groups(decoded, rows, stratify, &reader) else { return nil }
      classes = found
    }
    guard let group = split.fields.group else {
      return classes.map { splitting.divide(stratified: $0) } ?? splitting.divide(rows)
    }
    guard let names = column(group, of: decoded, rows, &reader) else { return nil }
    var classOfRow: [Int: Int] = [:]
    for (index, own) in (classes ?? []).enumerated() {
      for row in own.rows { classOfRow[row] = index }
    }
    var members: [String: [Int]] = [:]
    for (row, name) in zip(rows, names) { members[name, default: []].append(row) }
    let groups = sortedClasses(Array(members.keys)).map { name in
      let own = members[name] ?? []
      var counts = [Int](repeating: 0, count: max(classes?.count ?? 1, 1))
      for row in own { counts[classOfRow[row] ?? 0] += 1 }
      return RowGroup(name: name, rows: own, counts: counts)
    }
    return splitting.divide(grouped: groups)
  }

  /// Cuts a fold out of the rows to train on.
  func cutFolds(
    _ rows: [Int], _ decoded: DecodedTable, _ split: SplitSpec, seed: UInt64, count: Int,
    _ fold: Int, _ reader: inout Reader
  ) -> (fold: [Int], rest: [Int])? {
    let splitting = Splitting(
      shares: Array(repeating: 1 / Double(count), count: count), seed: seed,
      shuffles: split.fields.shuffle ?? true)
    guard let folds = draw(rows, of: decoded, split, splitting, &reader) else { return nil }
    guard let empty = folds.firstIndex(where: \.isEmpty) else {
      let rest = folds.enumerated().filter { $0.offset != fold - 1 }.flatMap(\.element)
      return (folds[fold - 1], rest.sorted())
    }
    reader.error(
      "empty-split",
      "fold \(empty + 1) has no rows: \(rows.count) rows to train on are too few for \(count) folds",
      at: split.range, help: "Say fewer folds.")
    return nil
  }

  /// What a column of the split says of some rows, reporting where it says nothing.
  private func column(
    _ name: Located<String>, of decoded: DecodedTable, _ rows: [Int], _ reader: inout Reader
  ) -> [String]? {
    guard let place = decoded.table.column(name.value) else { return nil }
    var problems = TableProblems()
    let texts = rows.map { row in
      let text = decoded.table.text(row: row, column: place)
      if isMissing(trimmed(Array(text.utf8))) {
        problems.addMissingPart(row, place, in: decoded.table)
      }
      return text
    }
    reader.diagnostics += problems.diagnostics(in: decoded.table)
    return problems.isEmpty ? texts : nil
  }

  /// The rows that a column says are for each part.
  private func divide(
    _ decoded: DecodedTable, by name: Located<String>, _ reader: inout Reader
  ) -> [[Int]]? {
    guard let place = decoded.table.column(name.value) else { return nil }
    var parts = SplitName.allCases.map { _ in [Int]() }
    var problems = TableProblems()
    for row in decoded.rows {
      let word = decoded.table.text(row: row, column: place)
      if isMissing(trimmed(Array(word.utf8))) {
        problems.addMissingPart(row, place, in: decoded.table)
      } else if let part = SplitName.allCases.firstIndex(where: { $0.rawValue == word }) {
        parts[part].append(row)
      } else {
        problems.add(
          "unknown-part", at: .cell(row: row, column: place),
          "\(decoded.table.rowName(row)), column '\(name.value)': '\(shortened(word))' is none of "
            + listed(SplitName.allCases.map(\.rawValue)),
          label: didYouMean(word, among: SplitName.allCases.map(\.rawValue)))
      }
    }
    reader.diagnostics += problems.diagnostics(in: decoded.table)
    guard problems.isEmpty else { return nil }
    if parts[0].isEmpty {
      reader.error(
        "empty-split", "no row of '\(name.value)' says 'train'", at: name.range,
        help: "Without rows to train on there is nothing to learn.")
      return nil
    }
    return parts
  }

  /// The rows in the order of a column of times or numbers; those of one time as they stand.
  private func order(
    _ decoded: DecodedTable, by name: Located<String>, _ reader: inout Reader
  ) -> [Int]? {
    guard let texts = column(name, of: decoded, decoded.rows, &reader),
      let place = decoded.table.column(name.value)
    else { return nil }
    var problems = TableProblems()
    let times = zip(decoded.rows, texts).map { row, text in
      let bytes = trimmed(Array(text.utf8))
      if let number = decimal(bytes) { return number }
      if let date = DateFormat.iso.read(bytes) { return date.seconds }
      problems.add(
        "bad-date", at: .cell(row: row, column: place),
        "\(decoded.table.rowName(row)), column '\(name.value)': '\(shortened(text))' is neither a "
          + "number nor a time such as 2024-12-31 23:59:59")
      return 0
    }
    reader.diagnostics += problems.diagnostics(in: decoded.table)
    guard problems.isEmpty else { return nil }
    return times.indices.sorted { times[$0] == times[$1] ? $0 < $1 : times[$0] < times[$1] }
      .map { decoded.rows[$0] }
  }

  /// The rows by the word they have in the column to stratify by.
  private func groups(
    _ decoded: DecodedTable, _ rows: [Int], _ stratify: Located<String>, _ reader: inout Reader
  ) -> [(name: String, rows: [Int])]? {
    let columnNames = decoded.table.columnNames
    let target = targets.first { $0.name == stratify.value }?.columns.first?.value
    // The target may name its column by a pattern.
    let named = target.flatMap { name in columnNames.first { matches($0, pattern: name) } }
    let name = named ?? target ?? stratify.value
    guard let column = decoded.table.column(name) else {
      reader.error(
        "unknown-column", "there is no column '\(name)' to stratify by", at: stratify.range,
        label: didYouMean(name, among: columnNames))
      return nil
    }
    var members: [String: [Int]] = [:]
    for row in rows {
      members[decoded.table.text(row: row, column: column), default: []].append(row)
    }
    guard members.count <= 2 || members.count * 2 <= rows.count else {
      reader.error(
        "stratify-values",
        "'\(stratify.value)' has \(members.count) values in \(rows.count) rows, too many to "
          + "hold them in proportion",
        at: stratify.range, help: "Stratify by a column with few values, such as classes.")
      return nil
    }
    return sortedClasses(Array(members.keys)).map { ($0, members[$0] ?? []) }
  }
}

extension TableProblems {
  /// Reports a cell without a value in a column that the split goes by.
  fileprivate mutating func addMissingPart(_ row: Int, _ column: Int, in table: Table) {
    add(
      "missing-value", at: .cell(row: row, column: column),
      "\(table.rowName(row)), column '\(table.columnNames[column])' has no value, and the split goes "
        + "by it", help: "Fill it in, or split by another column.")
  }
}
