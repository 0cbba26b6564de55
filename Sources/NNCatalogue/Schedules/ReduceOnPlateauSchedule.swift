package import NNModel

/// Lowers the rate when a figure has not become better for some epochs; PyTorch's
/// ReduceLROnPlateau, but for its eps: what is too small to matter is lowered all the same.
package struct ReduceOnPlateauSchedule: Schedule {
  package static let word = "reduce_on_plateau"
  package static let summary =
    "Lowers the learning rate when a figure has not become better for some epochs."

  package enum ThresholdMode: String, WordChoice {
    case relative
    case absolute
  }

  @Field("The figure to watch, such as validation.loss or validation.accuracy.")
  package var monitor = "validation.loss"
  @Field("What the rate is multiplied by.", principal: true, range: .from(0, below: 1))
  package var factor = 0.1
  @Field("Epochs without a better figure that are let pass.", range: .atLeast(0))
  package var patience = 10
  @Field("By how much a figure must be better to count.", range: .atLeast(0))
  package var threshold = 1e-4
  @Field("Whether the threshold is a share of the best figure (relative) or an amount (absolute).")
  package var thresholdMode = ThresholdMode.relative
  @Field("Epochs that do not count after the rate was lowered.", range: .atLeast(0))
  package var cooldown = 0
  @Field("The share of the rate below which it does not fall.", range: .between(0, 1))
  package var floor = 0.0

  package init() {}

  package func factor(step: Int, total: Int) -> Double { 1 }

  package var plateau: PlateauRule? {
    PlateauRule(
      monitor: monitor, factor: factor, patience: patience, threshold: threshold,
      isRelative: thresholdMode == .relative, cooldown: cooldown, floor: floor)
  }
}
