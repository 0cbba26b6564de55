package import NNModel

/// 1 − Σ w·observed / Σ w·expected over the pairs of a true and a predicted class, expected if both
/// were drawn apart; Cohen, "A Coefficient of Agreement for Nominal Scales" (1960), with weights
/// "Weighted Kappa" (1968).
package struct CohenKappa: Metric {
  package static let word = "cohen_kappa"
  package static let summary =
    """
    How far predicted and true classes agree beyond chance: 1 is perfect, 0 no better than chance; \
    not defined where all are one class.
    """

  package enum Weights: String, WordChoice {
    case none
    case linear
    case quadratic
  }

  @Field(
    """
    How much a wrong class weighs: none the same for all, linear and quadratic by how many classes \
    lie between, for classes that have an order.
    """, principal: true)
  package var weights = Weights.none

  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    AgreementAccumulator(target) { [weights] distance in
      switch weights {
      case .none: distance == 0 ? 0 : 1
      case .linear: Double(abs(distance))
      case .quadratic: Double(distance) * Double(distance)
      }
    }
  }
}

/// Needs the margins alone of what chance expects, and the weights alone of what is observed.
private struct AgreementAccumulator: NumberAccumulator {
  private let target: TargetType
  private let weight: (_ distance: Int) -> Double
  private var counts: ConfusionCounts
  private var observed = 0.0

  init(_ target: TargetType, _ weight: @escaping (_ distance: Int) -> Double) {
    self.target = target
    self.weight = weight
    counts = ConfusionCounts(classes: target.classCount)
  }

  mutating func add(_ observation: Observation) {
    for position in ClassPositions(observation, target) {
      counts.add(position)
      observed += weight(position.predicted - position.label)
    }
  }

  var value: Double {
    var expected = 0.0
    for (actual, times) in counts.actual.enumerated() where times > 0 {
      for (predicted, count) in counts.predicted.enumerated() where count > 0 {
        expected += weight(predicted - actual) * Double(times) * Double(count)
      }
    }
    return expected == 0 ? .nan : 1 - observed * Double(counts.total) / expected
  }
}
