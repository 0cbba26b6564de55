package import NNModel

/// factor = floor + (1 − floor) · ½ (1 + cos(π t / T)), t the steps since the last restart and T the
/// length of the cycle; Loshchilov and Hutter, "SGDR" (2016), PyTorch's CosineAnnealingWarmRestarts.
package struct CosineRestartsSchedule: Schedule {
  package static let word = "cosine_restarts"
  package static let summary =
    "Lets the learning rate fall along half a cosine again and again, each time from the full rate."

  @Field("Steps of the first cycle.", principal: true, range: .atLeast(1))
  package var period: Int
  @Field("How many times as long as the last each cycle is.", range: .atLeast(1))
  package var multiplier = 1
  @Field("The share of the rate that is left at the end of a cycle.", range: .between(0, 1))
  package var floor = 0.0

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    var (start, length) = (0, period)
    if multiplier == 1 {
      start = step / period * period
    } else {
      // A cycle is longer than all before it together, so there are few.
      while step - start >= length {
        start += length
        let (product, overflows) = length.multipliedReportingOverflow(by: multiplier)
        length = overflows ? .max : product
      }
    }
    return floor + (1 - floor) * halfCosine(Double(step - start) / Double(length))
  }
}
