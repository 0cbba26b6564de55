package import NNData
package import NNGraph

/// Why training could not begin or go on.
package enum TrainingError: Error {
  /// The loss is no number any more.
  case diverged(step: Int, epoch: Int, loss: Double, origin: Divergence?)
  /// A kernel could not be made.
  case kernel(KernelError)
  /// The run folder could not be written.
  case recording(String)
  /// A run cannot be gone on with.
  case resuming(String, help: String?)
  /// Prepared data could not be read back from the disk.
  case storage(StorageProblem)

  /// The rule, the place and the way out.
  package var message: String {
    switch self {
    case .diverged(let step, let epoch, let loss, let origin):
      "training diverged: the loss was \(loss.isNaN ? "not a number" : "infinite") at step \(step), in epoch \(epoch)"
        + (origin.map { "; \($0.words)" } ?? "")
    case .kernel(let error): "the model cannot run on this machine: \(error.message)"
    case .recording(let message), .resuming(let message, _): message
    case .storage(let problem): problem.message
    }
  }

  package var help: String? {
    switch self {
    case .diverged(_, _, _, let origin) where origin?.isOfData ?? false:
      "Look at that row with nnc data; a transform or a scale may make a number too large."
    case .diverged:
      "Try a smaller learning rate, a warm-up, or clip_norm: 1 beside the optimizer; scale inputs "
        + "that are not near 1 (scale: standard)."
    case .resuming(_, let help): help
    case .storage: StorageProblem.help
    case .kernel, .recording: nil
    }
  }
}
