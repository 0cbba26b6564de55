package import NNModel

/// Rises, then stays.
package struct Warmup: Schedule {
  package static let word = "warmup"
  package static let summary =
    "Lets the learning rate rise linearly over some steps and then keeps it."

  @Field("Steps over which the rate rises to its full value.", principal: true, range: .atLeast(1))
  package var steps: Int

  package init() {}
  package var warmup: Int { steps }
  package func factor(step: Int, total: Int) -> Double { 1 }
}
