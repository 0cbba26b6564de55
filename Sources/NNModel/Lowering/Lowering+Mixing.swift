// The losses of samples that are mixed with others: λ of one truth's loss and 1 − λ of the other's.
import NNGraph
import NNTensor

extension Lowering {
  /// What the samples of a target should be: their own, and those of their partners where the two
  /// cannot be one.
  struct Truths {
    let own: Value
    var partner: Value?
  }

  /// The truths of all targets that losses are about, by name.
  ///
  /// The own ones come first, in the order in which an evaluation's graph has them, so that the
  /// inputs of that graph are the first of this one.
  mutating func mixedTruths() -> [String: Truths] {
    let names = spec.losses.compactMap { loss in
      loss.loss?.takesTarget == true
        ? loss.target?.name ?? (schema.targets.count == 1 ? schema.targets[0].name : nil) : nil
    }
    let targets = names.compactMap { name in schema.targets.first { $0.name == name } }
    var truths: [String: Truths] = [:]
    for target in targets where truths[target.name] == nil {
      truths[target.name] = Truths(own: truth(target))
    }
    for target in targets where !target.type.isMixedItself {
      guard truths[target.name]?.partner == nil else { continue }
      truths[target.name]?.partner = g.input(
        DataSchema.partnerTarget(target.name),
        ValueType(target.type.shape, isBatched: true, dataType: target.type.dataType))
    }
    guard schema.hasWeights || truths.values.contains(where: { $0.partner != nil }) else {
      return truths
    }
    mixedShares = (
      g.input(DataSchema.shareInput, .batched(.scalar)),
      g.input(DataSchema.partnerShareInput, .batched(.scalar))
    )
    return truths
  }

  /// The loss of each mixed sample, by the weights of both.
  mutating func mixedLoss(
    _ kind: any Loss, _ values: [Value], _ target: DataSchema.Target?, _ truths: Truths?
  ) -> Value {
    let each = lowered(kind, values, target, truths?.own)
    guard let shares = mixedShares else { return each }
    guard let partner = truths?.partner else {
      guard schema.hasWeights else { return each }
      return g.elementwise(.value(each) * (.value(shares.own) + .value(shares.partner)))
    }
    let other = lowered(kind, values, target, partner)
    return g.elementwise(
      .value(shares.own) * .value(each) + .value(shares.partner) * .value(other))
  }
}

extension TargetType {
  /// Whether the truth of a mixed sample is a mixture of both truths; of others the losses are
  /// mixed.
  package var isMixedItself: Bool {
    if case .number = self { true } else { false }
  }
}
