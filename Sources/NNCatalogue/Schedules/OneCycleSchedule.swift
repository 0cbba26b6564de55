import NNModel

/// Up from `start` to `peak`, then down to `end`; Smith and Topin, "Super-Convergence" (2018), as
/// PyTorch's OneCycleLR has it: the rate is its max_lr, `start` its 1 / div_factor and `end` that
/// over final_div_factor.
///
/// A momentum that goes the other way is `momentum_schedule: {one_cycle: {start: 1, peak: 0.9,
/// end: 1}}`.
package struct OneCycleSchedule: Schedule {
  package static let word = "one_cycle"
  package static let summary =
    "Lets the learning rate rise to its full value and then fall far below where it began."

  package enum Anneal: String, WordChoice {
    case cosine
    case linear
  }

  @Field("The share of the rate at the first step.", range: .atLeast(0))
  package var start = 0.04
  @Field("The share of the rate at the peak.", range: .atLeast(0))
  package var peak = 1.0
  @Field("The share of the rate at the last step.", range: .atLeast(0))
  package var end = 4e-6
  @Field("The share of the steps in which the rate rises.", range: .between(0, 1))
  package var rise = 0.3
  @Field("Whether it goes along half a cosine or a line.")
  package var anneal = Anneal.cosine
  @Field("Whether it falls to start as slowly as it rose, and then from there to end.")
  package var threePhase = false

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    let last = Double(total - 1)
    let step = min(Double(step), last)
    // The first step stands at the start, so the rise is over one step before its share.
    let top = rise * Double(total) - 1
    if step <= top { return between(start, peak, at: step, from: 0, to: top) }
    guard threePhase else { return between(peak, end, at: step, from: top, to: last) }
    if step <= 2 * top { return between(peak, start, at: step, from: top, to: 2 * top) }
    return between(start, end, at: step, from: 2 * top, to: last)
  }

  private func between(
    _ first: Double, _ second: Double, at step: Double, from start: Double, to end: Double
  ) -> Double {
    let progress = end > start ? (step - start) / (end - start) : 1
    return switch anneal {
    case .cosine: second + (first - second) * halfCosine(progress)
    case .linear: first + (second - first) * progress
    }
  }
}
