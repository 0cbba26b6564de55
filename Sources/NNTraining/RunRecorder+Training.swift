package import NNCheckpoint

extension RunRecorder {
  /// Trains until the end, a stop or an interruption, and keeps what comes of it.
  ///
  /// - Parameters:
  ///   - trainer: of the model that this records.
  ///   - isInterrupted: asked after every step.
  ///   - onEvent: told of each step and epoch before it is kept, on the calling thread.
  /// - Returns: how it ended, and the digest of the best checkpoint.
  /// - Throws: where training cannot go on, or nothing can be written.
  package func train(
    _ trainer: Trainer, isInterrupted: () -> Bool, onEvent: (TrainingEvent) -> Void
  ) throws(TrainingError) -> (end: TrainingEnd, best: ContentDigest) {
    let end = try trainer.train(isInterrupted: isInterrupted) { event throws(TrainingError) in
      onEvent(event)
      switch event {
      case .step(let report): try record(report, of: trainer)
      case .epoch(let report): try record(report, of: trainer)
      case .skipped(let divergence): try append(divergence.json)
      case .rolledBack(let report): try record(report)
      }
    }
    let best = try write(trainer)
    try self.end(end, of: trainer)
    return (end, best)
  }
}
