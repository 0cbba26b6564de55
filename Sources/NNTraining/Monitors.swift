package import NNData
import NNDiagnostics
import NNModel
import NNYAML

/// A figure that is watched: `validation.loss`, `train.accuracy`.
package struct Monitor: Sendable, Equatable {
  package let split: SplitName
  /// `loss` or a metric's word, behind a target's name where there are several.
  package let figure: String
  package let isBetterWhenGreater: Bool

  /// Whether a value is better than the best so far by more than `delta`.
  package func isBetter(_ value: Double, than best: Double?, by delta: Double = 0) -> Bool {
    guard !value.isNaN else { return false }
    guard let best else { return true }
    return isBetterWhenGreater ? value > best + delta : value < best - delta
  }
}

extension ModelSpec {
  /// What a monitor's text names, or nil where there is no such figure.
  func monitor(_ text: String, splits: [SplitName]) -> Monitor? {
    guard let dot = text.firstIndex(of: "."),
      let split = SplitName(rawValue: String(text[..<dot])), splits.contains(split)
    else { return nil }
    let figure = String(text[text.index(after: dot)...])
    guard figureNames.contains(figure) else { return nil }
    let word = figure.split(separator: ".").last.map(String.init) ?? figure
    let metric = metrics.first { $0.word == word }
    return Monitor(
      split: split, figure: figure,
      isBetterWhenGreater: metric?.metric.isBetterWhenGreater ?? false)
  }

  /// The figures an evaluation gives.
  var figureNames: [String] {
    let words = metrics.map(\.word)
    guard losses.count > 1 else { return ["loss"] + words }
    return ["loss"]
      + losses.compactMap { loss in loss.target.map { "\($0.name).loss" } }
      + metrics.flatMap { metric in
        let targets = metric.target.map { [$0.name] } ?? losses.compactMap { $0.target?.name }
        return targets.map { "\($0).\(metric.word)" }
      }
  }

  /// The default where nothing is said: the validation loss, or the training loss where there is
  /// no validation.
  func defaultMonitor(splits: [SplitName]) -> Monitor {
    Monitor(
      split: splits.contains(.validation) ? .validation : .train, figure: "loss",
      isBetterWhenGreater: false)
  }
}

extension DataSpec {
  /// The parts that the file asks for.
  package var splitNames: [SplitName] {
    switch origin {
    case .one(_, let split):
      guard let fields = split?.fields else { return [.train] }
      let shares: [(SplitName, Double)] = [
        (.train, fields.train), (.validation, fields.validation), (.test, fields.test),
      ]
      return shares.filter { $0.1 > 0 }.map(\.0)
    case .several(let references): return references.map(\.0)
    }
  }
}

extension Reader {
  /// Reports monitors that name no figure of this model.
  mutating func checkMonitors(_ spec: ModelSpec, _ data: DataSpec, _ root: YAMLNode) {
    let train = root.mapping?["train"]?.mapping
    let places = [
      (train?["early_stopping"]?.mapping?["monitor"], train?["early_stopping"]),
      (root.mapping?["checkpoint"]?.mapping?["monitor"], nil),
    ]
    let splits = data.splitNames
    for (node, _) in places {
      guard let node, let text = node.scalar?.text, spec.monitor(text, splits: splits) == nil else {
        continue
      }
      let names = splits.flatMap { split in
        spec.figureNames.map { "\(split.rawValue).\($0)" }
      }
      // A metric that is merely not listed is no misspelling of another figure.
      let word = text.split(separator: ".").last.map(String.init) ?? text
      let isUnlisted =
        catalogue.metrics.entry(word) != nil && !spec.metrics.contains { $0.word == word }
      let suggestion = isUnlisted ? nil : nearest(to: text, among: names)
      let wayOut = isUnlisted ? "Add \(word) to metrics." : "There are \(listed(names))."
      error(
        "unknown-figure", "there is no figure '\(text)' to watch", at: node.range,
        label: suggestion.map(didYouMean), help: suggestion == nil ? wayOut : nil)
    }
    if spec.train.earlyStopping != nil, places[0].0 == nil, !splits.contains(.validation),
      let range = places[0].1?.range
    {
      error(
        "unknown-figure",
        "early stopping watches validation.loss, and there is no validation split",
        at: range, help: "Add a validation share to data.split, or give monitor: train.loss.")
    }
  }
}
