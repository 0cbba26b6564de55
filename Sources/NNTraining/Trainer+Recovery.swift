// What is done about numbers that are none.
import NNData
import NNEngine
import NNGraph
import NNModel
import NNPlan

/// What a training has come through.
struct Recoveries {
  /// Steps that were left out, of all and since the last that was taken.
  var skipped = 0
  var skippedInTurn = 0
  var rollbacks = 0

  /// Going back more often says that the rate is not what is wrong.
  static let mostRollbacks = 10
  /// Leaving out more steps in turn, or a whole epoch, says that no later one will be better.
  static let mostSkippedInTurn = 100

  /// What learning rates are multiplied by: a half for each time that training went back.
  var rateFactor: Double { Double(sign: .plus, exponent: -rollbacks, significand: 1) }
}

extension Trainer {
  /// What has become of an epoch.
  enum EpochEnd {
    case finished, interrupted, rolledBack
  }

  /// Answers to a step that must not count as the file says.
  ///
  /// - Returns: whether training went back, and not just past the step.
  /// - Throws: where it is to stop, or neither helps.
  func recover(
    from divergence: Divergence, _ onEvent: (TrainingEvent) throws(TrainingError) -> Void
  ) throws(TrainingError) -> Bool {
    switch spec.train.onNan {
    case .stop: throw .diverged(divergence)
    case .skip:
      recoveries.skipped += 1
      recoveries.skippedInTurn += 1
      guard !divergence.isOfParameters else {
        throw .diverged(divergence, note: "leaving steps out does not mend weights")
      }
      guard recoveries.skippedInTurn < min(Recoveries.mostSkippedInTurn, stepsPerEpoch) else {
        let count = recoveries.skippedInTurn
        throw .diverged(
          divergence,
          note: count == 1
            ? "an epoch has no other step" : "\(count) steps in turn were left out for that")
      }
      try onEvent(.skipped(divergence))
      return false
    case .rollback:
      guard recoveries.rollbacks < Recoveries.mostRollbacks else {
        throw .diverged(
          divergence,
          note: "training went back \(recoveries.rollbacks) times and halved the rate each time")
      }
      var recoveries = recoveries
      recoveries.rollbacks += 1
      // A run may have been stopped in the middle of an epoch by another policy, or its file changed.
      guard let point = rollbackPoint, try restore(point) else {
        throw .diverged(divergence, note: "the run does not know where the epoch began")
      }
      self.recoveries = recoveries
      rollbackPoint = point
      try onEvent(
        .rolledBack(
          RollbackReport(
            number: recoveries.rollbacks, because: divergence, epoch: epoch, step: step,
            rateFactor: recoveries.rateFactor)))
      return true
    }
  }

  /// Remembers where training stands between two epochs, if it may have to go back there.
  func keepRollbackPoint() {
    if spec.train.onNan == .rollback { rollbackPoint = ownState }
  }

  /// What is wrong with the weights after an epoch, which no step found: none reads all of them.
  func divergenceOfParameters(meanLoss: Double) -> Divergence? {
    store.firstNonFinite.map { found in
      Divergence(
        step: step, epoch: epoch, loss: meanLoss,
        origin: Divergence.Origin(found: found, dataRow: nil))
    }
  }

  /// Where the numbers of the step that was taken last are first no numbers.
  func divergence(in batch: RowBatch, loss: Double) throws(TrainingError) -> Divergence {
    let outcome: Result<NonFinite?, KernelError> = batch.rows.withUnsafeBufferPointer { rows in
      do throws(KernelError) {
        for first in stride(from: 0, to: rows.count, by: self.batch) {
          let part = rows[first..<min(first + self.batch, rows.count)]
          let found = try executor.firstNonFinite(
            batch.table, rows: UnsafeBufferPointer(rebasing: part), step: step - 1,
            firstRow: first, parameters: store)
          if let found { return .success(found) }
        }
        // Each sample's part may be a number where their sum is none.
        return .success(updater.lastNonFinite.map { NonFinite(.gradient($0)) })
      } catch {
        return .failure(error)
      }
    }
    switch outcome {
    case .success(let found):
      let origin = found.map { found in
        let sample = found.row.map { batch.rows[batch.rows.startIndex + $0] }
        // Of rows that were read for this step alone nobody knows any more whose they are.
        let row = batch.staged == nil ? sample.map { dataRows[$0] + 1 } : nil
        return Divergence.Origin(found: found, dataRow: row)
      }
      return Divergence(step: step, epoch: epoch, loss: loss, origin: origin)
    case .failure(let error): throw .kernel(error)
    }
  }
}
