package import NNData
import NNModel

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
      + lossNames.compactMap { name in name.map { loss("\($0).loss") } }
      + metrics.flatMap { metric in
        guard targetLosses.count > 1 else { return [figure(metric, metric.name.name)] }
        let targets = metric.target.map { [$0.name] } ?? targetLosses.compactMap { $0.target?.name }
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
  /// The parts that the file asks for; all that there may be where a column of the data says it.
  package var splitNames: [SplitName] {
    switch origin {
    case .one(_, let split):
      guard let split else { return [.train] }
      guard split.fields.by == nil else { return SplitName.allCases }
      return SplitName.allCases.filter { name in
        split.share(name) > 0 || name == .validation && split.fields.fold != nil
      }
    case .several(let references): return references.map(\.0)
    }
  }
}
