/// Lowers a factor when a figure no longer gets better, as PyTorch's ReduceLROnPlateau has it.
package struct PlateauRule: Sendable, Equatable {
  /// What the rule remembers between epochs.
  package struct Memory: Sendable, Equatable {
    package var factor = 1.0
    package var best: Double?
    /// Epochs since the best.
    package var badEpochs = 0
    /// Epochs that do not count, after the factor was lowered.
    package var cooldown = 0

    package init() {}
  }

  /// The figure to watch, such as `validation.loss`.
  package let monitor: String
  package let factor: Double
  /// Epochs without a better figure that are let pass.
  package let patience: Int
  /// By how much a figure must be better to count: a share of the best, or an amount.
  package let threshold: Double
  package let isRelative: Bool
  package let cooldown: Int
  package let floor: Double

  package init(
    monitor: String, factor: Double, patience: Int, threshold: Double, isRelative: Bool,
    cooldown: Int, floor: Double
  ) {
    self.monitor = monitor
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.isRelative = isRelative
    self.cooldown = cooldown
    self.floor = floor
  }

  /// Takes an epoch's figure in.
  package func observe(_ figure: Double, isBetterWhenGreater: Bool, _ memory: inout Memory) {
    if isBetter(figure, than: memory.best, isBetterWhenGreater) {
      memory.best = figure
      memory.badEpochs = 0
    } else {
      memory.badEpochs += 1
    }
    if memory.cooldown > 0 {
      memory.cooldown -= 1
      memory.badEpochs = 0
    }
    guard memory.badEpochs > patience else { return }
    memory.factor = max(memory.factor * factor, floor)
    memory.badEpochs = 0
    memory.cooldown = cooldown
  }

  private func isBetter(
    _ figure: Double, than best: Double?, _ isBetterWhenGreater: Bool
  ) -> Bool {
    guard figure.isFinite else { return false }
    guard let best else { return true }
    let sign = isBetterWhenGreater ? 1.0 : -1.0
    let bar = isRelative ? best * (1 + sign * threshold) : best + sign * threshold
    return isBetterWhenGreater ? figure > bar : figure < bar
  }
}
