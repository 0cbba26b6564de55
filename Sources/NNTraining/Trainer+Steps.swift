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
    let outcome: Result<Double, KernelError> = batch.rows.withUnsafeBufferPointer { rows in
      do throws(KernelError) {
        followers.begin(step: step)
        let value = try runBatches(batch.table, rows)
        guard value.isFinite else { return .success(value) }
        optimizerRun.begin(step: step + 1, factors)
        try updater.update(executor, scalars: optimizerRun.scalars)
        followers.follow(step: step + 1)
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    step += 1
    switch outcome {
    case .success(let value) where value.isFinite: return value
    case .success(let value):
      throw .diverged(step: step, epoch: epoch, loss: value, origin: try origin(in: batch))
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

  /// Where the numbers of the step that was taken last are first no numbers.
  private func origin(in batch: RowBatch) throws(TrainingError) -> Divergence? {
    let outcome: Result<NonFinite?, KernelError> = batch.rows.withUnsafeBufferPointer { rows in
      do throws(KernelError) {
        for first in stride(from: 0, to: rows.count, by: self.batch) {
          let part = rows[first..<min(first + self.batch, rows.count)]
          let found = try executor.firstNonFinite(
            batch.table, rows: UnsafeBufferPointer(rebasing: part), step: step - 1,
            firstRow: first, parameters: store)
          if let found { return .success(found) }
        }
        return .success(nil)
      } catch {
        return .failure(error)
      }
    }
    switch outcome {
    case .success(let found?):
      let sample = found.row.map { batch.rows[batch.rows.startIndex + $0] }
      // Of rows that were read for this step alone nobody knows any more whose they are.
      let row = batch.staged == nil ? sample.map { dataRows[$0] + 1 } : nil
      return Divergence(found: found, dataRow: row)
    case .success(nil): return nil
    case .failure(let error): throw .kernel(error)
    }
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

  /// What schedules multiply the optimizer's numbers by at a step, which counts from zero.
  package func factors(at step: Int) -> StepFactors {
    rates.factors(at: step)
  }

  /// The learning rate of a step, which counts from zero.
  package func rate(at step: Int) -> Double {
    spec.optimizer.optimizer.lr * factors(at: step).rate
  }
}
