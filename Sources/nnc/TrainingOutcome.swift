import NNCheckpoint
import NNData
import NNJSON
import NNTraining

/// What came of a training.
struct TrainingOutcome {
  let model: CheckedModel
  let trainer: Trainer
  let folder: RunFolder
  /// Of the best weights.
  let digest: ContentDigest
  /// Of the best weights on each part; none after an interruption.
  let figures: [(SplitName, Figures)]
  let end: TrainingEnd

  var json: JSONValue {
    [
      "run": .string(folder.path), "checkpoint": .string(folder.best),
      "digest": .string(digest.hexadecimal), "epochs": JSONValue(trainer.epoch),
      "steps": JSONValue(trainer.step), "best_epoch": JSONValue(trainer.bestPlace.epoch),
      "interrupted": .bool(end == .interrupted),
      "metrics": .object(figures.map { .init($0.0.rawValue, $0.1.json) }),
    ]
  }
}

/// The figures of folds that were each validated once, and what they are on the whole.
struct FoldSummary {
  private let outcomes: [TrainingOutcome]

  init(_ outcomes: [TrainingOutcome]) { self.outcomes = outcomes }

  /// The numbers of a part by name, over the folds.
  private func numbers(_ split: SplitName) -> [(name: String, values: [Double])] {
    let all = outcomes.compactMap { $0.figures.first { $0.0 == split }?.1.numbers }
    return (all.first ?? []).enumerated().map { index, figure in
      (figure.name, all.compactMap { index < $0.count ? $0[index].value : nil })
    }
  }

  /// The mean, and the deviation of a sample: squares are divided by n − 1.
  private static func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(max(values.count - 1, 1))).squareRoot())
  }

  var text: String {
    let validation = numbers(.validation)
    var table = TextTable(
      [("fold", false)] + validation.map { ($0.name, true) } + [("weights", false)])
    for (index, outcome) in outcomes.enumerated() {
      table.add(
        ["\(index + 1)"] + validation.map { figure($0.values[index]) } + [outcome.folder.best])
    }
    let moments = validation.map { FoldSummary.moments($0.values) }
    table.add(["mean"] + moments.map { figure($0.mean) } + [""])
    table.add(["deviation"] + moments.map { figure($0.deviation) } + [""])
    return table.text
  }

  var json: JSONValue {
    func document(_ pick: ((mean: Double, deviation: Double)) -> Double) -> JSONValue {
      .object(
        SplitName.allCases.compactMap { split in
          let numbers = numbers(split)
          guard !numbers.isEmpty else { return nil }
          return .init(
            split.rawValue,
            .object(numbers.map { .init($0.name, .number(pick(FoldSummary.moments($0.values)))) }))
        })
    }
    return [
      "folds": .array(outcomes.map(\.json)), "mean": document(\.mean),
      "deviation": document(\.deviation),
    ]
  }
}
