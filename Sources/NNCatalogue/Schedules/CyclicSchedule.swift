package import NNModel

/// Up and down along lines between `start` and `peak`, again and again; Smith, "Cyclical Learning
/// Rates for Training Neural Networks" (2015), as PyTorch's CyclicLR has it: the rate is its max_lr
/// and `start` its base_lr over that.
///
/// A momentum that goes the other way is `momentum_schedule: {cyclic: {start: 1, peak: 0.9}}`.
package struct CyclicSchedule: Schedule {
  package static let word = "cyclic"
  package static let summary =
    "Lets the learning rate rise and fall along lines, again and again."

  package enum Mode: String, WordChoice {
    case triangular
    case triangular2
    case expRange = "exp_range"
  }

  @Field("Steps in which the rate rises.", principal: true, range: .atLeast(1))
  package var up = 2000
  @Field("Steps in which it falls; as many as it rises where not given.", range: .atLeast(1))
  package var down: Int? = nil
  @Field("The share of the rate at the foot of a cycle.", range: .atLeast(0))
  package var start = 0.1
  @Field("The share of the rate at its top.", range: .atLeast(0))
  package var peak = 1.0
  @Field(
    "How high the cycles are: triangular all alike, triangular2 each half as high as the last, "
      + "exp_range times gamma at each step.")
  package var mode = Mode.triangular
  @Field("What the height is multiplied by at each step of exp_range.", range: .positive)
  package var gamma = 1.0

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    let (up, down) = (up, down ?? up)
    let (cycle, place) = step.quotientAndRemainder(dividingBy: up + down)
    let rise =
      place <= up ? Double(place) / Double(up) : Double(up + down - place) / Double(down)
    let height =
      switch mode {
      case .triangular: 1.0
      case .triangular2: power(0.5, cycle)
      case .expRange: power(gamma, step)
      }
    return start + (peak - start) * rise * height
  }
}
