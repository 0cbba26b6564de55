import NNDiagnostics
import NNModel
import NNTensor
import NNYAML

extension DataSpec {
  /// Reports what does not go together with windows: nothing that is written is ignored.
  static func checkWindows(
    _ section: DataFields, _ mapping: YAMLMapping, _ rows: RowContent, _ reader: inout Reader
  ) {
    guard let windows = section.windows else { return }
    let place = mapping.entries.first { $0.key == "windows" }?.keyRange ?? windows.range
    if case .windows = rows {
      reader.error(
        "conflicting-fields", "'windows' are of rows of a table, and the source is a text",
        at: place, help: "Say length and stride of the text instead: text: {path: …, length: 64}.")
    }
    if let weight = section.weight {
      reader.error(
        "conflicting-fields", "the weight is of a row, and with 'windows' samples have several",
        at: weight.range, help: "Take weight: out.")
    }
    if section.cache {
      reader.error(
        "conflicting-fields", "'cache' keeps prepared rows, and windows are cut anew each time",
        at: mapping.entries.first { $0.key == "cache" }?.keyRange ?? place, help: "Take it out.")
    }
    if section.source == nil, windows.fields.lookback {
      reader.error(
        "conflicting-fields",
        "'lookback' reaches into the part before, and these parts come from sources of their own",
        at: place, help: "Take it out, or give one source and a split.")
    }
    checkSplit(section, mapping, windows, &reader)
  }

  private static func checkSplit(
    _ section: DataFields, _ mapping: YAMLMapping, _ windows: WindowSpec, _ reader: inout Reader
  ) {
    guard let split = section.split else { return }
    func conflict(_ field: String, _ reason: String, help: String = "Take it out.") {
      let entry = mapping["split"]?.mapping?.entries.first { $0.key == field }
      guard let entry else { return }
      reader.error("conflicting-fields", reason, at: entry.keyRange, help: help)
    }
    let follow = "the parts of windows follow each other in time"
    conflict("stratify", "'stratify' draws rows, and \(follow)")
    if split.fields.shuffle == true { conflict("shuffle", "'shuffle' draws rows, and \(follow)") }
    if split.fields.group == nil {
      for field in ["seed", "folds", "fold"] {
        conflict(
          field, "'\(field)' draws rows, and \(follow)",
          help: "Take it out, or draw whole series with group.")
      }
    }
    if let time = split.fields.time, time.value != windows.fields.time?.value {
      reader.error(
        "conflicting-fields",
        windows.fields.time.map {
          "the split goes by '\(time.value)', and windows are in the order of '\($0.value)'"
        } ?? "the split goes by '\(time.value)', and windows are in the order of the rows",
        at: time.range, help: "Say time: \(time.value) in windows.")
    }
  }

  /// Finds the columns that windows are made by.
  func checkWindowColumns(in table: Table, _ reader: inout Reader) {
    for name in [windows?.fields.time, windows?.fields.series].compactMap({ $0 }) {
      guard table.column(name.value) != nil else {
        reportUnknown(name, among: table.columnNames, in: table, &reader)
        continue
      }
      guard let shape = table.shape(ofColumn: name.value) else { continue }
      reader.error(
        "one-column",
        "windows go by one value a row, the column '\(name.value)' has \(shape.count) of them",
        at: name.range)
    }
  }
}
