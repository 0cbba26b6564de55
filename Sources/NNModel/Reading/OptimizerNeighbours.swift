import NNDiagnostics
import NNTensor
package import NNYAML

// What may stand beside an optimizer, besides schedules and single numbers.

/// Parameters with numbers of their own.
package struct ParameterGroup: Sendable {
  /// What their names look like, and where that is written.
  package let patterns: [Reference]
  /// The model's optimizer with the group's fields.
  package let optimizer: any Optimizer
  package let isFrozen: Bool

  package func matches(_ name: String) -> Bool {
    patterns.contains { Glob($0.name).matches(name) }
  }
}

/// Clips the gradient of each unit by the unit's own size: where ‖g‖ > factor · max(‖w‖, ε), g is
/// shortened to that. A unit is a row of a weight or a filter; a vector is one unit. Brock and
/// others, "High-Performance Large-Scale Image Recognition Without Normalization" (2021).
package struct AdaptiveClipping: KeyedSection {
  package static let key = "clip_adaptive"

  @Field(
    "The greatest length of a unit's gradient as a share of the unit's own.", principal: true,
    range: .positive)
  package var factor = 0.01
  @Field("The least length a unit counts with.", range: .positive)
  package var eps = 1e-3

  package init() {}
  package static let expectation = "a number, or a mapping such as {factor: 0.01}"
}

/// Every few steps the slow weights go a share of the way to those that are trained, which then go
/// on from there; Zhang and others, "Lookahead Optimizer: k steps forward, 1 step back" (2019).
package struct Lookahead: KeyedSection {
  package static let key = "lookahead"

  @Field("Steps between two meetings.", principal: true, range: .atLeast(1))
  package var every = 5
  @Field("How far the slow weights go.", range: .above(0, below: 1))
  package var alpha = 0.5

  package init() {}
  package static let expectation = "a whole number, or a mapping such as {every: 5, alpha: 0.5}"
}

/// a ← decay · a + (1 − decay) · w after each step, beginning with the first w: Polyak and
/// Juditsky (1992), as torch.optim.swa_utils with get_ema_multi_avg_fn.
package struct ExponentialAverage: KeyedSection {
  package static let key = "ema"

  @Field("How slowly the average changes.", principal: true, range: .above(0, below: 1))
  package var decay = 0.999
  @Field("Steps between two changes.", range: .atLeast(1))
  package var every = 1
  @Field(
    "Whether the average first follows faster: with min(decay, (1 + n) / (10 + n)) after n changes."
  )
  package var warmup = false

  package init() {}
  package static let expectation = "a number below 1, or a mapping such as {decay: 0.999}"
}

/// The mean of the weights at the ends of epochs; Izmailov and others, "Averaging Weights Leads to
/// Wider Optima and Better Generalization" (2018).
package struct StochasticAverage: KeyedSection {
  package static let key = "swa"

  @Field("The first epoch at whose end weights are taken.", principal: true, range: .atLeast(1))
  package var start: Int
  @Field("Epochs between two takings.", range: .atLeast(1))
  package var every = 1

  package init() {}
  package static let expectation = "a whole number, or a mapping such as {start: 10}"
}

/// An average of the weights that is evaluated and kept in place of those that are trained.
package enum WeightAverage: Sendable {
  case exponential(ExponentialAverage)
  case stochastic(StochasticAverage)
}

/// Fields under one key, or the value of the principal one alone.
package protocol KeyedSection: Section, FieldValue {
  static var key: String { get }
}

extension KeyedSection {
  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Self? {
    if let mapping = node.mapping {
      return reader.readSection(Self.self, mapping, owner: "'\(key)'", at: node.range)
    }
    guard node.scalar != nil, node.scalar?.value != .null else {
      return reader.wrongType(node, expectation)
    }
    return reader.readPrincipal(Self.self, node, owner: "'\(key)'")
  }
}

extension OptimizerSpec {
  /// The group that a parameter belongs to: the first that matches its name.
  package func group(of name: String) -> Int? {
    groups.firstIndex { $0.matches(name) }
  }

  /// The greatest momentum that any parameter has before schedules, if there is one.
  package var greatestMomentum: Double? {
    ([optimizer] + groups.map(\.optimizer)).flatMap { optimizer in
      [optimizer.method(for: [1]), optimizer.method(for: [1, 1])].compactMap {
        $0.formula.hyperparameters.momentum
      }
    }.max()
  }

  /// Whether a group keeps a parameter from being trained.
  package func isFrozen(_ name: String) -> Bool {
    group(of: name).map { groups[$0].isFrozen } ?? false
  }
}
