package import NNData
package import NNGraph

/// Why training could not begin or go on.
package enum TrainingError: Error {
  /// Numbers are no numbers any more, and `note` what was tried.
  case diverged(Divergence, note: String? = nil)
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
    case .diverged(let divergence, let note):
      "training diverged: \(divergence.words)" + (note.map { "; \($0)" } ?? "")
    case .kernel(let error): "the model cannot run on this machine: \(error.message)"
    case .recording(let message), .resuming(let message, _): message
    case .storage(let problem): problem.message
    }
  }

  package var help: String? {
    switch self {
    case .diverged(let divergence, _) where divergence.isOfData:
      "Look at that row with nnc data; a transform or a scale may make a number too large."
    case .diverged(_, let note):
      "Try a smaller learning rate, a warm-up, or clip_norm: 1 beside the optimizer; scale inputs "
        + "that are not near 1 (scale: standard)."
        + (note == nil ? " With train: {on_nan: skip} such steps are left out." : "")
    case .resuming(_, let help): help
    case .storage: StorageProblem.help
    case .kernel, .recording: nil
    }
  }
}
