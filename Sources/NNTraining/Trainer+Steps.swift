// One step after the other.
import NNData
package import NNEngine
import NNGraph
package import NNModel

extension Trainer {
  /// Some rows of the training part; nil where there is none.
  private func batch(_ rows: ArraySlice<Int>) throws(TrainingError) -> RowBatch? {
    do throws(StorageProblem) {
      return try trainingRows?.batch(rows)
    } catch {
      throw .storage(error)
    }
  }

  /// One step of gradient descent; it allocates nothing.
  ///
  /// - rows: those of one batch, or of as many as a step accumulates.
  /// - factors: what schedules multiply the optimizer's numbers by.
  ///
  /// - Returns: the mean loss of the rows before the step.
  package func takeStep(
    _ rows: ArraySlice<Int>, _ factors: StepFactors
  ) throws(TrainingError) -> Double {
    guard let batch = try batch(rows) else { return .nan }
    return try takeStep(batch, factors)
  }

  func takeStep(
    _ batch: RowBatch, _ factors: StepFactors
  ) throws(TrainingError) -> Double {
    switch try attemptStep(batch, factors) {
    case .taken(let loss): return loss
    case .diverged(let divergence): throw .diverged(divergence)
    }
  }

  /// What became of a step.
  enum StepOutcome {
    /// With the mean loss of its rows before it.
    case taken(loss: Double)
    case diverged(Divergence)
  }

  /// One step. Where its loss or a gradient is no number, nothing changes but the count of steps if such
  /// steps are left out; else some parameters may have moved, which nobody goes on with.
  func attemptStep(
    _ batch: RowBatch, _ factors: StepFactors
  ) throws(TrainingError) -> StepOutcome {
    states?.keep()
    let before = states == nil ? nil : optimizerRun
    let outcome: Result<(loss: Double, counts: Bool), KernelError> =
      batch.rows.withUnsafeBufferPointer { rows in
        do throws(KernelError) {
          followers.begin(step: step)
          let loss = try runBatches(batch.table, rows)
          guard loss.isFinite else { return .success((loss, false)) }
          optimizerRun.begin(step: step + 1 - recoveries.skipped, factors)
          guard try updater.update(executor, scalars: optimizerRun.scalars) else {
            return .success((loss, false))
          }
          followers.follow(step: step + 1)
          return .success((loss, true))
        } catch {
          return .failure(error)
        }
      }
    step += 1
    switch outcome {
    case .success((let loss, true)):
      recoveries.skippedInTurn = 0
      return .taken(loss: loss)
    case .success((let loss, false)):
      states?.putBack()
      if let before { optimizerRun = before }
      updater.forget()
      return .diverged(try divergence(in: batch, loss: loss))
    case .failure(let error): throw .kernel(error)
    }
  }

  /// One step with a learning rate in place of the schedule's.
  package func takeStep(
    _ rows: ArraySlice<Int>, rate: Double
  ) throws(TrainingError) -> Double {
    try takeStep(rows, StepFactors(rate: rate / spec.optimizer.optimizer.lr))
  }

  package func takeStep(_ rows: [Int], rate: Double) throws(TrainingError) -> Double {
    try takeStep(rows[...], rate: rate)
  }

  /// What each op takes of a step on rows of the training part, with the parameters as they are.
  package func profile(_ rows: [Int]) throws(TrainingError) -> StepProfile? {
    guard let batch = try batch(rows[...]) else { return nil }
    let outcome: Result<StepProfile, KernelError> = batch.rows.withUnsafeBufferPointer { rows in
      do throws(KernelError) {
        return .success(try executor.profiled(batch.table, rows: rows, step: step))
      } catch {
        return .failure(error)
      }
    }
    switch outcome {
    case .success(let profile): return profile
    case .failure(let error): throw .kernel(error)
    }
  }

  /// Runs the batches of a step, and leaves their gradients with the updater where there are
  /// several.
  ///
  /// - Returns: their mean loss, weighted by their samples; not finite as soon as one is not.
  private func runBatches(
    _ table: BatchTable, _ rows: UnsafeBufferPointer<Int>
  ) throws(KernelError) -> Double {
    let batch = batch
    var sum = 0.0
    var first = 0
    while first < rows.count {
      let part = UnsafeBufferPointer(rebasing: rows[first..<min(first + batch, rows.count)])
      try executor.run(table, rows: part, step: step, firstRow: first)
      let value = executor.total(loss)
      guard value.isFinite else { return value }
      if part.count < rows.count {
        let share = Double(part.count) / Double(rows.count)
        try updater.accumulate(executor, share: share)
        sum += value * share
      } else {
        sum = value
      }
      executor.updateStates()
      first += part.count
    }
    return sum
  }

  /// What the optimizer's numbers are multiplied by at a step, which counts from zero: by schedules,
  /// and the rate for each time that training went back.
  package func factors(at step: Int) -> StepFactors {
    var factors = rates.factors(at: step)
    factors.rate *= recoveries.rateFactor
    return factors
  }

  /// The learning rate of a step, which counts from zero.
  package func rate(at step: Int) -> Double {
    spec.optimizer.optimizer.lr * factors(at: step).rate
  }
}
