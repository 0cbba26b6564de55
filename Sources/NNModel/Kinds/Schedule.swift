/// How the learning rate changes over the steps.
package protocol Schedule: Kind {
  /// Steps over which the rate rises linearly to its full value before the schedule begins.
  var warmup: Int { get }

  /// The factor on the learning rate.
  ///
  /// - step: counts from zero, behind the warm-up.
  /// - total: all steps behind the warm-up.
  func factor(step: Int, total: Int) -> Double
}

extension Schedule {
  /// The factor at a step of all steps, the warm-up included; steps count from zero.
  package func factorWithWarmup(step: Int, total: Int) -> Double {
    step < warmup
      ? Double(step + 1) / Double(warmup)
      : factor(step: step - warmup, total: max(total - warmup, 1))
  }
}
