/// How a rate changes over the steps.
package protocol Schedule: Kind {
  /// The factor on the rate.
  ///
  /// - step: counts from zero, behind any warm-up.
  /// - total: all steps behind the warm-up, at least one.
  func factor(step: Int, total: Int) -> Double

  /// How it answers to a figure after each epoch; nil where it looks at steps alone.
  var plateau: PlateauRule? { get }
}

extension Schedule {
  package var plateau: PlateauRule? { nil }
}
