import NNDiagnostics
import NNModel
import NNYAML

extension WindowUse {
  /// What an input says of windows, or nil where there are none, after reporting what is said for
  /// nothing.
  init?(
    _ fields: InputFields, of windows: WindowSpec?, _ node: YAMLNode, _ reader: inout Reader
  ) {
    guard let windows else {
      reportWithoutWindows(["over", "relative"], node, &reader)
      return nil
    }
    self.init(fields.over ?? .past, of: windows.format)
    isRelative = fields.relative != nil
  }

  /// What a target says of windows.
  init?(
    _ fields: TargetFields, of windows: WindowSpec?, _ node: YAMLNode, _ reader: inout Reader
  ) {
    guard let windows else {
      reportWithoutWindows(["relative"], node, &reader)
      return nil
    }
    self.init(shift: fields.shift, of: windows.format)
    isRelative = fields.relative != nil
    guard let shift = fields.shift, shift > windows.fields.horizon else { return }
    reader.error(
      "out-of-range",
      "\(shift) is out of range: behind a window there are as many rows as its horizon, "
        + "\(windows.fields.horizon)",
      at: entry("shift", node)?.value.range ?? node.range,
      help: "Say horizon: \(shift) in windows.")
  }
}

private func reportWithoutWindows(
  _ fields: [String], _ node: YAMLNode, _ reader: inout Reader
) {
  for entry in node.mapping?.entries ?? [] where fields.contains(entry.key) {
    reader.error(
      "missing-field", "'\(entry.key)' is about windows, and 'data' has none", at: entry.keyRange,
      help: "Write windows: followed by \(WindowSpec.expectation) into 'data'.")
  }
}

private func entry(_ field: String, _ node: YAMLNode) -> YAMLMapping.Entry? {
  node.mapping?.entries.first { $0.key == field }
}

extension FeatureSpec {
  /// How many rows a sample of it is made of.
  var rowCount: Int { window?.count ?? 1 }

  /// Checks that windows can be made of it, or reports and returns false.
  func checkWindow(_ node: YAMLNode, _ reader: inout Reader) -> Bool {
    guard let window else { return true }
    let before = reader.diagnostics.count
    if case .image = content {
      reader.error(
        "field-not-for-type", "'\(name)' is an image, and windows are made of rows of values",
        at: entry("type", node)?.keyRange ?? nameRange,
        help: "Take windows: out, or the type, if the columns are numbers.")
    }
    if case .text = content {
      reader.error(
        "field-not-for-type",
        "'\(name)' is made of texts, each a sequence by itself, and windows of rows",
        at: entry("type", node)?.keyRange ?? nameRange, help: "Take windows: out, or the type.")
    }
    if role == .target, case .binary = content, window.count > 1 {
      reader.error(
        "field-not-for-type",
        "a binary is predicted of one row, and '\(name)' of \(window.count)",
        at: entry("type", node)?.keyRange ?? nameRange, help: "Say type: category.")
    }
    if window.isRelative { checkRelative(node, &reader) }
    return reader.diagnostics.count == before
  }

  private func checkRelative(_ node: YAMLNode, _ reader: inout Reader) {
    let place = entry("relative", node)?.keyRange ?? nameRange
    guard case .number = content, date == nil else {
      reader.error(
        "field-not-for-type", "'relative' is for numbers, '\(name)' is none", at: place)
      return
    }
    if hasIndicator {
      reader.error(
        "conflicting-fields",
        "'indicator' tells which numbers are missing, and with 'relative' none may be", at: place,
        help: "Take one of them out.")
    }
  }

  /// Whether this target may be made of columns of an input: what is to come of what has been, or
  /// all of the input once more, as an autoencoder draws it.
  func mayRepeat(_ input: FeatureSpec, mayBeTensors: Bool) -> Bool {
    guard let own = window, let seen = input.window else {
      return copies(input, mayBeTensors: mayBeTensors)
    }
    let isApart = own.end <= seen.start || seen.end <= own.start
    let isLater = seen.end <= seen.length && own.start > seen.start
    let isSame = own.start == seen.start && own.count == seen.count && own.start < own.length
    return isApart || isLater || isSame && columns.map(\.value) == input.columns.map(\.value)
  }
}
