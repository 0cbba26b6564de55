import NNModel

/// One until the last share of the steps, then down to `floor`; Hu et al., "MiniCPM" (2024), with
/// the forms of Hägele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training
/// Durations" (2024). The warm-up is the one that may stand beside any schedule.
package struct WarmupStableDecaySchedule: Schedule {
  package static let word = "warmup_stable_decay"
  package static let summary =
    "Keeps the learning rate for most of the steps and lets it fall at the end, behind a warm-up "
    + "where there is one."

  package enum Form: String, WordChoice {
    case linear
    case cosine
    case sqrt
  }

  @Field("The share of the steps in which the rate falls.", principal: true, range: .between(0, 1))
  package var decay = 0.2
  @Field("How it falls: linear, cosine, or sqrt for 1 minus the root of the share that is done.")
  package var form = Form.linear
  @Field("The share of the rate that is left at the end.", range: .between(0, 1))
  package var floor = 0.0

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    let falling = (decay * Double(total)).rounded()
    let passed = Double(min(step, total)) - (Double(total) - falling)
    guard passed > 0 else { return 1 }
    let progress = passed / falling
    let left =
      switch form {
      case .linear: 1 - progress
      case .cosine: halfCosine(progress)
      case .sqrt: 1 - progress.squareRoot()
      }
    return floor + (1 - floor) * left
  }
}
