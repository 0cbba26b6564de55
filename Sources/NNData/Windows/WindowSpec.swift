package import NNDiagnostics
package import NNModel
package import NNYAML

/// The fields of `windows`.
package struct WindowFields: Section {
  @Field("Rows of a window, which the network sees.", range: .between(1, 1_000_000))
  package var length: Int

  @Field(
    "Rows behind them, of which targets are made unless they say shift.",
    range: .between(1, 1_000_000))
  package var horizon = 1

  @Field("Rows from the beginning of a window to that of the next.", range: .atLeast(1))
  package var stride = 1

  @Field(
    "A column of numbers or dates that puts rows in their order; by default they stand in it.")
  package var time: Located<String>? = nil

  @Field("A column whose words are series, such as stations: no window spans two of them.")
  package var series: Located<String>? = nil

  @Field(
    "The longest step of the time between two rows of a window, in days if it is a date: none "
      + "spans a longer one.", range: .above(0))
  package var gap: Double? = nil

  @Field(
    "Whether the inputs of a later part may reach back into rows before it; targets never do.")
  package var lookback = false

  package init() {}

  /// Rows of a window in all.
  var span: Int { length + horizon }
}

/// How rows that follow each other become samples, as the model file says.
package struct WindowSpec: FieldValue {
  package let fields: WindowFields
  package let range: SourceRange

  package static let expectation = "a length and more, such as {length: 24, horizon: 6}"
  package static func sample(within range: Bounds?) -> String { "{length: 24, horizon: 6}" }
  package var shownInManual: String { "…" }
  package var written: String { fields.writtenFields }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> WindowSpec? {
    guard let mapping = node.mapping else { return reader.wrongType(node, expectation) }
    guard
      let fields = reader.readSection(
        WindowFields.self, mapping, owner: "'windows'", at: node.range)
    else { return nil }
    if fields.gap != nil, fields.time == nil {
      reader.error(
        "missing-field", "'gap' is a step of the time, and 'windows' names no 'time'",
        at: mapping.entries.first { $0.key == "gap" }?.keyRange ?? node.range,
        help: "Write time: followed by the column that orders the rows.")
      return nil
    }
    return WindowSpec(fields: fields, range: node.range)
  }

  /// What a checkpoint keeps of it.
  var format: SeriesWindows {
    SeriesWindows(
      length: fields.length, horizon: fields.horizon, stride: fields.stride,
      time: fields.time?.value, series: fields.series?.value, gap: fields.gap)
  }
}

/// How series of rows are cut into windows: so many rows that are known and so many behind them.
package struct SeriesWindows: Sendable, Equatable {
  /// Rows that are known.
  package let length: Int
  /// Rows behind them.
  package let horizon: Int
  /// Rows from one window's beginning to the next.
  package let stride: Int
  /// The column that orders the rows; nil where they stand in their order.
  package let time: String?
  /// The column that tells the series apart; nil where there is one.
  package let series: String?
  /// The longest step of the time within a window, in days of dates; nil where any will do.
  package let gap: Double?

  /// Rows of a window in all.
  package var span: Int { length + horizon }

  /// The columns that are no feature's but are read all the same.
  var columns: [String] {
    // The same column twice would be one cell counted twice.
    [time, series].compactMap { $0 }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
