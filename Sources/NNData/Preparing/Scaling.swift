/// What happens to numbers: `(curve(step(x)) − offset) · factor`, one for each number of a sample,
/// or one for all. Most have no steps and no curves and are linear.
package struct Scaling: Sendable, Equatable {
  /// The kind it was fitted by, such as `standard`.
  package let word: String
  /// As many as a sample has numbers, or one.
  package let offsets: [Double]
  /// As many as offsets.
  package let factors: [Double]
  /// As many as offsets, or none.
  package let curves: [Curve]
  package let steps: ScaleSteps

  package init(
    word: String, offsets: [Double], factors: [Double], curves: [Curve] = [],
    steps: ScaleSteps = .none
  ) {
    self.word = word
    self.offsets = offsets
    self.factors = factors
    self.curves = curves
    self.steps = steps
  }

  /// Numbers stay what they are.
  static let identity = Scaling(word: NoScale.word, offsets: [0], factors: [1])

  /// Whether it only moves and stretches.
  var isLinear: Bool { curves.isEmpty && steps == .none }

  /// Whether numbers stay what they are.
  var isIdentity: Bool {
    isLinear && offsets.allSatisfy { $0 == 0 } && factors.allSatisfy { $0 == 1 }
  }

  func offset(_ element: Int) -> Double { offsets[offsets.count == 1 ? 0 : element] }
  func factor(_ element: Int) -> Double { factors[factors.count == 1 ? 0 : element] }

  /// What the steps and curves make of a number; NaN where it has no logarithm.
  func bent(_ value: Double, column: Int) -> Double {
    let stepped = steps.apply(value)
    return curves.isEmpty ? stepped : curves[curves.count == 1 ? 0 : column].apply(stepped)
  }

  package func apply(_ value: Double, column: Int) -> Double {
    let bent = isLinear ? value : bent(value, column: column)
    return (bent - offset(column)) * factor(column)
  }

  /// - reference: what is added to the number before the steps are undone, where it is a
  ///   difference.
  package func inverse(_ value: Double, column: Int, reference: Double = 0) -> Double {
    let bent = value / factor(column) + offset(column)
    if isLinear { return reference == 0 ? bent : bent + reference }
    let difference =
      curves.isEmpty ? bent : curves[curves.count == 1 ? 0 : column].inverse(bent)
    let straight = reference == 0 ? difference : difference + reference
    // What is predicted must be a number, however far off it is.
    let greatest = Double(Float.greatestFiniteMagnitude)
    return min(max(steps.inverse(straight), -greatest), greatest)
  }
}
