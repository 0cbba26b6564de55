package import NNEngine
import NNGraph
package import NNModel
import NNPlan

extension UpdateRule {
  /// The rule an optimizer section describes.
  ///
  /// A penalty's gradient is part of what is clipped, by norm and by value alike.
  package init(_ spec: OptimizerSpec) {
    let optimizer = spec.optimizer
    let stateCount = optimizer.stateNames.count
    let scalarCount = optimizer.scalars(step: 1, rate: optimizer.lr).count
    let program = UpdateProgram(
      arrays: 2 + stateCount, scalars: scalarCount + (spec.clipNorm == nil ? 0 : 1)
    ) { arrays, scalars in
      var gradient = arrays[1]
      if spec.clipNorm != nil { gradient = gradient * scalars[scalarCount] }
      if let limit = spec.clipValue {
        gradient = maximum(minimum(gradient, Expression(limit)), Expression(-limit))
      }
      let new = optimizer.update(
        parameter: arrays[0], gradient: gradient, state: Array(arrays.dropFirst(2)),
        scalars: Array(scalars.prefix(scalarCount)))
      return [(0, new.parameter)] + new.state.enumerated().map { ($0 + 2, $1) }
    }
    self.init(
      program: program, stateCount: stateCount, scalarCount: scalarCount,
      penalty: UpdateRule.penalty(l1: spec.l1, l2: spec.l2), clipNorm: spec.clipNorm)
  }

  /// The gradient of l2 Σ w² + l1 Σ |w|, added to the loss's.
  private static func penalty(l1: Double, l2: Double) -> UpdateProgram? {
    guard l1 > 0 || l2 > 0 else { return nil }
    return UpdateProgram(arrays: 2, scalars: 0) { arrays, _ in
      var gradient = arrays[1]
      if l2 > 0 { gradient = gradient + Expression(2 * l2) * arrays[0] }
      if l1 > 0 { gradient = gradient + Expression(l1) * sign(arrays[0]) }
      return [(1, gradient)]
    }
  }
}
