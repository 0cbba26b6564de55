import NNGraph
import NNModel

/// factor = floor + (1 − floor) (1 − step / total)^power; PyTorch's PolynomialLR, with Keras's end.
package struct PolynomialSchedule: Schedule {
  package static let word = "polynomial"
  package static let summary =
    "Lets the learning rate fall as a power of the share of steps that are left."

  @Field("The exponent; 1 is a line.", principal: true, range: .positive)
  package var power = 1.0
  @Field("The share of the rate that is left at the end.", range: .between(0, 1))
  package var floor = 0.0

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    let left = 1 - Double(min(step, total)) / Double(total)
    return floor + (1 - floor) * BinaryFunction.power(left, power)
  }
}
