import NNData

/// What training tells while it runs.
package enum TrainingEvent: Sendable {
  case step(StepReport)
  case epoch(EpochReport)
  /// A step was left out.
  case skipped(Divergence)
  case rolledBack(RollbackReport)
}

/// A return to where training stood before an epoch, because its numbers were none any more.
package struct RollbackReport: Sendable {
  /// Counts from one.
  package let number: Int
  package let because: Divergence
  /// Those that are done now.
  package let epoch: Int
  package let step: Int
  /// What learning rates are multiplied by from here on.
  package let rateFactor: Double
}

/// Where training stands after a step.
package struct StepReport: Sendable {
  /// Count from one.
  package let step: Int
  package let epoch: Int
  package let steps: Int
  package let epochs: Int
  /// Steps of this epoch so far, and in all.
  package let stepInEpoch: Int
  package let stepsPerEpoch: Int
  /// Of this batch.
  package let loss: Double
  /// Over the epoch so far.
  package let meanLoss: Double
  package let rate: Double
  package let samples: Int
}

/// What an epoch gave.
package struct EpochReport: Sendable {
  /// Counts from one.
  package let epoch: Int
  package let epochs: Int
  package let step: Int
  package let rate: Double
  /// The mean loss of the epoch's batches, as training saw them.
  package let trainLoss: Double
  package let validation: Figures?
  package let isBest: Bool
}

/// How training ended.
package enum TrainingEnd: Sendable, Equatable {
  case completed
  case stoppedEarly(bestEpoch: Int)
  case interrupted
}
