import NNData
import NNModel
import NNTensor

/// A look at data, for people.
struct DataLookText {
  private let look: DataLook

  init(_ look: DataLook) { self.look = look }

  /// Columns of a feature from which on it is told as one line.
  private static let manyColumns = 12
  private static let mostClasses = 12

  var text: String {
    let parts =
      look.sources.map(text) + [windows, splits, samples, texts(look.texts), pictures, concerns]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  // MARK: Sources

  private func text(_ source: DataLook.Source) -> String {
    let role = source.part.map { " for \($0.rawValue)" } ?? ""
    var table = TextTable([
      ("column", false), ("used as", false), ("values", false), ("missing", true), ("what", false),
    ])
    var told: Set<String> = []
    for column in source.columns {
      let feature = column.uses.first.flatMap { use in
        look.features.first { $0.name == use.feature && $0.role == use.role }
      }
      guard let feature, feature.columns.count > DataLookText.manyColumns else {
        table.add(row(column.name, column))
        continue
      }
      guard told.insert("\(feature.role) \(feature.name)").inserted else { continue }
      table.add(row(source.columns.filter { feature.columns.contains($0.name) }, of: feature))
    }
    let some =
      source.rows == source.allRows
      ? "" : "; all that follows is of the first \(grouped(source.rows))"
    return """
      \(source.name): \(grouped(source.allRows)) row\(source.allRows == 1 ? "" : "s")\(role), \
      \(grouped(source.columns.count)) column\(source.columns.count == 1 ? "" : "s")\(some)

      \(table.text)
      """
  }

  private func row(_ name: String, _ column: ColumnLook) -> [String] {
    let uses = column.uses.map {
      $0.role == .weight ? "weight" : "\($0.role.rawValue) \($0.feature)"
    }
    let (kind, what) = words(column)
    return [
      name, uses.joined(separator: ", "), kind, column.missing == 0 ? "" : grouped(column.missing),
      what,
    ]
  }

  /// Many columns of one feature in a line.
  private func row(_ columns: [ColumnLook], of feature: FeatureLook) -> [String] {
    var (least, most, constant) = (Double.infinity, -Double.infinity, 0)
    var kinds: Set<String> = []
    for column in columns {
      kinds.insert(words(column).kind)
      guard case .numbers(let statistics?, let distinct) = column.content else { continue }
      least = min(least, statistics.minimum)
      most = max(most, statistics.maximum)
      if distinct == 1 { constant += 1 }
    }
    let missing = columns.reduce(0) { $0 + $1.missing }
    let range = least <= most ? "\(short(least)) … \(short(most))" : ""
    let constants = constant == 0 ? "" : ", \(constant) constant"
    return [
      "\(columns[0].name) … \(columns[columns.count - 1].name) (\(columns.count))",
      "\(feature.role.rawValue) \(feature.name)", kinds.sorted().joined(separator: ", "),
      missing == 0 ? "" : grouped(missing), range + constants,
    ]
  }

  private func words(_ column: ColumnLook) -> (kind: String, what: String) {
    switch column.content {
    case .numbers(nil, _): return ("number", "")
    case .numbers(let statistics?, let distinct):
      let isConstant = distinct == 1
      return (
        "number",
        isConstant
          ? "always \(short(statistics.minimum))"
          : "\(short(statistics.minimum)) … \(short(statistics.maximum)), mean "
            + "\(short(statistics.mean)), \(grouped(distinct)) different"
      )
    case .words(let frequent, let distinct):
      return (
        "word",
        frequent.first?.count == 1 && distinct > 1
          ? "\(grouped(distinct)) different, each once" : counts(frequent, of: distinct)
      )
    case .tensors(let shape, let range):
      let extent = range.map { ", \(short($0.lowerBound)) … \(short($0.upperBound))" } ?? ""
      return ("tensor", "\(shape)\(extent)")
    case .characters(let alphabet, let length):
      return ("text", "windows of \(length), \(alphabet) different characters")
    }
  }

  private func counts(_ counts: [ColumnLook.WordCount], of distinct: Int) -> String {
    let most = distinct > DataLookText.mostClasses ? 6 : DataLookText.mostClasses
    let shown = counts.prefix(most).map {
      "\(cut($0.word)) \(grouped($0.count))"
    }
    let rest = distinct - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(grouped(rest)) more" : "")
  }

  /// A value of data: four digits that count, no zeros behind them.
  private func short(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
    var text = figure(value)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  private func cut(_ word: String) -> String {
    let safe = word.map { character in
      character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        ? "?" : character
    }
    return safe.count > 20 ? String(safe.prefix(19)) + "…" : String(safe)
  }

  // MARK: Splits and samples

  /// What the windows are, and of which series.
  private var windows: String {
    guard let windows = look.windows else { return "" }
    func rows(_ count: Int) -> String { "\(grouped(count)) row\(count == 1 ? "" : "s")" }
    let counts = windows.series.map(\.rows)
    let series: String =
      if windows.series.count == 1, let only = windows.series.first {
        "of one series\(only.span.map { ", \($0.joined(separator: " … "))" } ?? "")"
      } else {
        "of \(grouped(windows.series.count)) series of \(grouped(counts.min() ?? 0)) to "
          + "\(rows(counts.max() ?? 0))"
      }
    var text =
      "Windows of \(rows(windows.length)) with \(grouped(windows.horizon)) behind, one every "
      + (windows.stride == 1 ? "row" : rows(windows.stride)) + ", \(series)"
    if windows.short > 0 {
      text +=
        "\n\(grouped(windows.short)) series "
        + (windows.short == 1 ? "is" : "are") + " too short for a window"
    }
    if windows.dropped > 0 {
      text += "\n\(grouped(windows.dropped)) windows with missing values are left out"
    }
    return text
  }

  private var splits: String {
    let targets = look.parts.first?.classes.map(\.name) ?? []
    let hasWindows = look.windows != nil
    var table = TextTable(
      [("split", false), (hasWindows ? "windows" : "rows", true)]
        + (hasWindows ? [("rows covered", true), ("series", true), ("targets of", false)] : [])
        + targets.map { ($0, false) })
    for part in look.parts {
      let covered = part.windows.map {
        [grouped($0.rows), grouped($0.series), $0.span?.joined(separator: " … ") ?? ""]
      }
      table.add(
        [part.name.rawValue, grouped(part.rows)] + (covered ?? [])
          + part.classes.map { counts($0.counts, of: $0.counts.count) })
    }
    let dropped =
      look.droppedRows == 0
      ? "" : "\n\(grouped(look.droppedRows)) rows with missing values are left out"
    let epoch = look.oversampled.map { target, rows in
      "\nAn epoch takes \(grouped(rows)) rows, all classes of \(target) equally often"
    }
    return table.text + dropped + (epoch ?? "")
  }

  private var samples: String {
    var table = TextTable([
      ("prepared", false), ("shape", false), ("the first samples to train on", false),
    ])
    for feature in look.features {
      for (place, numbers) in feature.examples.enumerated() {
        let size = feature.shape.reduce(1, *)
        let shown = numbers.map(short).joined(separator: " ") + (size > numbers.count ? " …" : "")
        let from = look.windows == nil ? "row" : "from row"
        let row = place < feature.rows.count ? "\(from) \(feature.rows[place]): " : ""
        table.add([
          place == 0 ? "\(feature.role.rawValue) \(feature.name)" : "",
          place == 0 ? "\(Shape(feature.shape))" : "", row + shown,
        ])
      }
    }
    return table.text
  }

  private var pictures: String {
    look.hasImages && look.sheet == nil
      ? "The images themselves are drawn with --sheet and the name of a PNG file." : ""
  }

  private var concerns: String {
    guard !look.concerns.isEmpty else { return "Nothing suspicious was found." }
    return look.concerns.map { "look[\($0.code)]: \($0.message)\n  = help: \($0.help)" }
      .joined(separator: "\n")
  }
}
