import NNDiagnostics
import NNModel
import NNYAML

extension SplitFields {
  /// Reports fields that do not go together: nothing that is written is ignored.
  func check(_ mapping: YAMLMapping, at range: SourceRange, _ reader: inout Reader) -> Bool {
    let before = reader.diagnostics.count
    func conflict(_ field: String, _ reason: String, help: String) {
      guard let entry = mapping.entries.first(where: { $0.key == field }) else { return }
      reader.error("conflicting-fields", reason, at: entry.keyRange, help: help)
    }
    if by != nil {
      for field in ["train", "validation", "test", "time"] {
        conflict(
          field, "'by' says what each row is for, and '\(field)' cuts them",
          help: "Keep one of them.")
      }
      for field in ["stratify", "group", "seed", "shuffle"] where folds == nil {
        conflict(field, "'by' leaves nothing to '\(field)'", help: "Take one of them out.")
      }
    } else if train == nil {
      reader.error(
        "missing-field", "'split' needs 'train': share of the rows to train on", at: range,
        help: "Write train: followed by \(Double.expectation), from 0 to 1.")
    }
    if time != nil {
      for field in ["stratify", "group", "seed", "folds"] {
        conflict(
          field, "'time' puts rows in their order, and '\(field)' draws them",
          help: "Take one of them out.")
      }
      if shuffle == true {
        conflict(
          "shuffle", "'time' puts rows in their order, and 'shuffle' draws them",
          help: "Take one of them out.")
      }
    }
    if group != nil, shuffle == false {
      conflict(
        "shuffle", "'group' takes rows from anywhere, and 'shuffle: false' in their order",
        help: "Take one of them out.")
    }
    checkFolds(mapping, &reader)
    return reader.diagnostics.count == before
  }

  private func checkFolds(_ mapping: YAMLMapping, _ reader: inout Reader) {
    guard let folds else {
      if let fold {
        reader.error(
          "conflicting-fields", "fold \(fold.value) is of 'folds', and the split has none",
          at: fold.range, help: "Write folds: 5 into the split of the data.")
      }
      return
    }
    if let fold, fold.value > folds {
      reader.error(
        "out-of-range", "\(fold.value) is out of range: there are \(folds) folds", at: fold.range)
    }
    if validation > 0, let entry = mapping.entries.first(where: { $0.key == "validation" }) {
      reader.error(
        "conflicting-fields", "a fold validates, and 'validation' would be a second such part",
        at: entry.keyRange, help: "Add its share to train.")
    }
  }
}
