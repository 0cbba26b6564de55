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
  /// A figure that an evaluation gives.
  struct FigureName {
    let name: String
    /// Nil where no value is better than another.
    let isBetterWhenGreater: Bool?
  }

  /// What a monitor's text names, or nil where there is nothing of that name to watch.
  func monitor(_ text: String, splits: [SplitName]) -> Monitor? {
    guard let (split, figure) = figure(text, splits: splits),
      let isBetterWhenGreater = figure.isBetterWhenGreater
    else { return nil }
    return Monitor(split: split, figure: figure.name, isBetterWhenGreater: isBetterWhenGreater)
  }

  /// The figure that a text such as `validation.loss` names, or nil where there is none.
  func figure(_ text: String, splits: [SplitName]) -> (split: SplitName, figure: FigureName)? {
    guard let dot = text.firstIndex(of: "."),
      let split = SplitName(rawValue: String(text[..<dot])), splits.contains(split)
    else { return nil }
    let name = text[text.index(after: dot)...]
    return figureNames.first { $0.name == name }.map { (split, $0) }
  }

  /// The figures an evaluation gives.
  var figureNames: [FigureName] {
    func loss(_ name: String) -> FigureName { FigureName(name: name, isBetterWhenGreater: false) }
    func figure(_ metric: MetricSpec, _ name: String) -> FigureName {
      FigureName(name: name, isBetterWhenGreater: metric.metric.isBetterWhenGreater)
    }
    guard losses.count > 1 else {
      return [loss("loss")] + metrics.map { figure($0, $0.name.name) }
    }
    return [loss("loss")]
      + losses.compactMap { each in each.target.map { loss("\($0.name).loss") } }
      + metrics.flatMap { metric in
        let targets = metric.target.map { [$0.name] } ?? losses.compactMap { $0.target?.name }
        return targets.map { figure(metric, "\($0).\(metric.name.name)") }
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
        spec.figureNames.filter { $0.isBetterWhenGreater != nil }
          .map { "\(split.rawValue).\($0.name)" }
      }
      if spec.figure(text, splits: splits) != nil {
        error(
          "unordered-figure",
          "no value of '\(text)' is better than another, so nothing can watch it",
          at: node.range, help: "Watch one of \(listed(names)).")
        continue
      }
      // A metric that is merely not listed is no misspelling of another figure.
      let word = text.split(separator: ".").last.map(String.init) ?? text
      let isUnlisted =
        catalogue.metrics.entry(word) != nil && !spec.metrics.contains { $0.name.name == word }
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
