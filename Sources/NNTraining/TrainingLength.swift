package import NNModel

/// How long a training is, in rows, batches and steps.
package struct TrainingLength: Sendable, Equatable {
  /// Rows of a batch.
  package let batch: Int
  /// Rows of a step, which may take several batches.
  package let stepRows: Int
  package let stepsPerEpoch: Int
  /// Unless training stops before.
  package let steps: Int

  package init(_ spec: TrainSpec, rows: Int) {
    batch = min(spec.batch, max(rows, 1))
    stepRows = min(batch * spec.accumulate, max(rows, 1))
    stepsPerEpoch = max((rows + stepRows - 1) / stepRows, 1)
    let byEpochs = spec.epochs.map { [stepsPerEpoch] in $0 * stepsPerEpoch }
    steps = min(byEpochs ?? .max, spec.steps ?? .max)
  }
}
