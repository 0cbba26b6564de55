import NNData
import NNDiagnostics
import NNModel
import NNYAML

extension Reader {
  /// Reports monitors that name no figure of this model.
  mutating func checkMonitors(
    _ spec: ModelSpec, _ data: DataSpec, _ prepared: PreparedData?, _ root: YAMLNode
  ) {
    let parts = prepared.map { prepared in
      SplitName.allCases.filter { prepared.splits[$0] != nil }
    }
    let figures = Watchable(spec: spec, splits: parts ?? data.splitNames)
    let stopping = root.mapping?["train"]?.mapping?["early_stopping"]
    let places = [
      stopping?.mapping?["monitor"], root.mapping?["checkpoint"]?.mapping?["monitor"],
    ]
    for node in places {
      guard let node, let text = node.scalar?.text else { continue }
      checkMonitor(text, at: node.range, figures)
    }
    if spec.train.earlyStopping != nil, places[0] == nil, let stopping {
      checkDefaultMonitor("early stopping", at: stopping.range, figures)
    }
    for stage in spec.optimizer.schedules.stages {
      guard let plateau = stage.schedule?.plateau else { continue }
      if let range = stage.monitorRange {
        checkMonitor(plateau.monitor, at: range, figures)
      } else {
        checkDefaultMonitor("'\(stage.word)'", at: stage.range, figures)
      }
    }
  }

  /// What there is to watch.
  private struct Watchable {
    let spec: ModelSpec
    let splits: [SplitName]
  }

  private mutating func checkMonitor(
    _ text: String, at range: SourceRange, _ figures: Watchable
  ) {
    let (spec, splits) = (figures.spec, figures.splits)
    guard spec.monitor(text, splits: splits) == nil else { return }
    let names = splits.flatMap { split in
      spec.figureNames.filter { $0.isBetterWhenGreater != nil }
        .map { "\(split.rawValue).\($0.name)" }
    }
    if spec.figure(text, splits: splits) != nil {
      error(
        "unordered-figure", "no value of '\(text)' is better than another, so nothing can watch it",
        at: range, help: "Watch one of \(listed(names)).")
      return
    }
    // A metric that is merely not listed is no misspelling of another figure.
    let word = text.split(separator: ".").last.map(String.init) ?? text
    let isUnlisted =
      catalogue.metrics.entry(word) != nil && !spec.metrics.contains { $0.name.name == word }
    let suggestion = isUnlisted ? nil : nearest(to: text, among: names)
    let wayOut = isUnlisted ? "Add \(word) to metrics." : "There are \(listed(names))."
    error(
      "unknown-figure", "there is no figure '\(text)' to watch", at: range,
      label: suggestion.map(didYouMean), help: suggestion == nil ? wayOut : nil)
  }

  /// Reports what watches the validation loss because nothing else is said.
  private mutating func checkDefaultMonitor(
    _ watcher: String, at range: SourceRange, _ figures: Watchable
  ) {
    guard !figures.splits.contains(.validation) else { return }
    error(
      "unknown-figure", "\(watcher) watches validation.loss, and there is no validation split",
      at: range, help: "Add a validation share to data.split, or give monitor: train.loss.")
  }
}
