import NNDiagnostics
import NNGraph
import NNTensor

extension Lowering {
  /// Joins heads with their targets and adds up the losses.
  mutating func lowerLosses(_ end: Scope.Named?, _ scope: Scope) -> LoweredModel? {
    var sum = LossSum()
    let sampleWeight =
      schema.hasWeights ? g.input(DataSchema.weightInput, .batched(.scalar)) : nil
    let mixing = spec.train.mixes && g.isTraining ? mixedTruths() : nil
    var used: [String: Reference] = [:]
    for (loss, name) in zip(spec.losses, spec.lossNames) {
      guard let kind = loss.loss else {
        hasLostUses = true
        continue
      }
      let target = kind.takesTarget ? target(of: loss) : nil
      if kind.takesTarget, target == nil {
        hasLostUses = true
        continue
      }
      if let target,
        let first = used.updateValue(
          Reference(name: target.name, range: loss.range), forKey: target.name)
      {
        reader.error(
          "duplicate-target", "two losses are about the target '\(target.name)'",
          at: loss.range, help: "Give the other one its own target.",
          notes: [.init("the first one", at: first.range)])
        continue
      }
      reportNeedlessTarget(loss, kind)
      guard let values = values(of: loss, kind, target, end, scope),
        fits(kind, target, values, at: loss.range)
      else { continue }
      let truths = target.map { mixing?[$0.name] ?? Truths(own: truth($0)) }
      let each =
        mixing == nil
        ? sampleLoss(kind, values, target, truths?.own, weight: sampleWeight)
        : mixedLoss(kind, values, target, truths)
      add(loss, kind, name, target, values, each, to: &sum)
    }
    for target in schema.targets where used[target.name] == nil && targetIsKnownUnused(target) {
      reader.error(
        "unused-target", "no loss is about the target '\(target.name)'", at: target.range,
        help: "Add a loss with target: \(target.name), or remove the target.")
    }
    checkMetrics(sum.heads)
    guard var total = sum.total, sum.terms.count == spec.losses.count else { return nil }
    for each in sampleLosses where g.isTraining { total = total + mean(each) }
    let loss = g.elementwise(total)
    g.output("loss", loss)
    for head in sum.heads {
      g.output("prediction.\(head.target)", head.prediction)
      if let deviation = head.deviation { g.output("deviation.\(head.target)", deviation) }
    }
    for term in sum.terms { g.output("sample_loss.\(term.name)", term.sampleLoss) }
    for embedding in sum.embeddings { g.output("value.\(embedding.name)", embedding.value) }
    return LoweredModel(
      graph: g.graph, loss: loss, terms: sum.terms, heads: sum.heads, embeddings: sum.embeddings,
      layers: layers)
  }

  /// What has been added up so far.
  private struct LossSum {
    var total: Expression?
    var terms: [LoweredModel.Term] = []
    var heads: [LoweredModel.Head] = []
    var embeddings: [LoweredModel.Embedding] = []
  }

  /// Adds a loss of values that fit it.
  private mutating func add(
    _ loss: LossSpec, _ kind: any Loss, _ name: String?, _ target: DataSchema.Target?,
    _ values: [Value], _ each: Value, to sum: inout LossSum
  ) {
    if let target {
      sum.heads.append(
        .init(
          target: target.name, type: target.type, loss: kind, weight: loss.weight,
          prediction: kind.output(values, of: target.type, &g),
          deviation: kind.deviation(values, of: target.type, &g), sampleLoss: each))
    } else {
      for (reference, value) in zip(loss.from ?? [], values)
      where !sum.embeddings.contains(where: { $0.name == reference.name }) {
        sum.embeddings.append(.init(name: reference.name, value: value))
      }
    }
    sum.terms.append(
      .init(
        name: target?.name ?? name ?? type(of: kind).word, weight: loss.weight, sampleLoss: each))
    let part = mean(each) * Expression(loss.weight)
    sum.total = sum.total.map { $0 + part } ?? part
  }

  /// The graph input that brings a target.
  mutating func truth(_ target: DataSchema.Target) -> Value {
    g.input(
      "target.\(target.name)",
      ValueType(target.type.shape, isBatched: true, dataType: target.type.dataType))
  }

  /// The loss of each sample, times its weight.
  private mutating func sampleLoss(
    _ kind: any Loss, _ values: [Value], _ target: DataSchema.Target?, _ truth: Value?,
    weight: Value?
  ) -> Value {
    let each = lowered(kind, values, target, truth)
    guard let weight else { return each }
    return g.elementwise(.value(each) * .value(weight))
  }

  /// The loss of each sample of a target's values.
  mutating func lowered(
    _ kind: any Loss, _ values: [Value], _ target: DataSchema.Target?, _ truth: Value?
  ) -> Value {
    let site = LossSite(
      values: values, target: target.flatMap { target in truth.map { ($0, target.type) } })
    return kind.lower(site, &g)
  }

  /// Whether a loss can compare the values; reports why not.
  private mutating func fits(
    _ kind: any Loss, _ target: DataSchema.Target?, _ values: [Value], at range: SourceRange
  ) -> Bool {
    if values.contains(where: { g.type($0).dataType == .int32 }) {
      reader.error(
        "index-input",
        "'\(type(of: kind).word)' computes with numbers, and its value is the index of a class",
        at: range, help: "Put layers between the input and the loss.")
      return false
    }
    do throws(ShapeError) {
      try kind.check(target?.type, values: values.map { g.shape($0) })
      for value in values {
        let maker = g.graph.nodes.last { $0.outputs.contains(value) }
        if let objection = maker.flatMap({ kind.objection(toHeadMadeBy: $0.op) }) {
          throw objection
        }
      }
      return true
    } catch {
      report(error, "loss-mismatch", at: range)
      return false
    }
  }

  private mutating func reportNeedlessTarget(_ loss: LossSpec, _ kind: any Loss) {
    guard !kind.takesTarget, let target = loss.target else { return }
    reader.error(
      "loss-mismatch",
      "'\(type(of: kind).word)' compares the model's values with each other, not with a target",
      at: target.range, help: "Take target: out.")
  }

  /// This shard's part of the mean over the batch.
  private mutating func mean(_ each: Value) -> Expression {
    let sum = g.make(ReduceSum(axes: [], rank: 0, overBatch: true), each)
    return .value(sum) * .value(g.inverseBatch())
  }

  /// A loss whose own target is not known is reported already; no target is blamed for it.
  private func targetIsKnownUnused(_ target: DataSchema.Target) -> Bool {
    spec.losses.allSatisfy { loss in
      guard let kind = loss.loss else { return false }
      guard kind.takesTarget else { return true }
      return loss.target.map { targets[$0.name] != nil } ?? (schema.targets.count == 1)
    }
  }

  private mutating func target(of loss: LossSpec) -> DataSchema.Target? {
    guard let reference = loss.target else {
      if schema.targets.count == 1 { return schema.targets[0] }
      guard !schema.targets.isEmpty else {
        reader.error(
          "missing-target", "the loss compares with a target, and the data has none",
          at: loss.range, help: "Give the data section targets:.")
        return nil
      }
      reader.error(
        "missing-target", "the loss does not say which target it is about", at: loss.range,
        help: "Write target: and one of \(listed(schema.targets.map(\.name))) beside it.")
      return nil
    }
    if let target = schema.targets.first(where: { $0.name == reference.name }) { return target }
    let names = schema.targets.map(\.name)
    let suggestion = nearest(to: reference.name, among: names)
    reader.error(
      "unknown-target", "the data has no target '\(reference.name)'", at: reference.range,
      label: suggestion.map(didYouMean),
      help: suggestion == nil ? "Its targets are \(listed(names))." : nil)
    return nil
  }

  /// The values that a loss takes.
  private mutating func values(
    of loss: LossSpec, _ kind: any Loss, _ target: DataSchema.Target?, _ end: Scope.Named?,
    _ scope: Scope
  ) -> [Value]? {
    let count = kind.valueCount
    let wanted = count == 1 ? "one value" : "\(count) values"
    guard let references = loss.from else {
      if count == 1, let target { return head(of: loss, target.name, end).map { [$0] } }
      hasLostUses = true
      reader.error(
        "missing-from", "'\(type(of: kind).word)' takes \(wanted) and does not say which",
        at: loss.range, help: "Name the layers beside it: from: [left, right].")
      return nil
    }
    guard references.count == count else {
      hasLostUses = true
      reader.error(
        "loss-mismatch",
        "'\(type(of: kind).word)' takes \(wanted), found \(references.count)",
        at: references.first?.range ?? loss.range)
      return nil
    }
    let values = references.compactMap { reference in
      resolve(reference, scope).flatMap { take($0, for: reference.range) }
    }
    return values.count == count ? values : nil
  }

  /// The value that predicts a target where the loss names none: as wide as the target by name, or
  /// the end of the model.
  private mutating func head(
    of loss: LossSpec, _ target: String, _ end: Scope.Named?
  ) -> Value? {
    if let head = heads[target] {
      uses[head.use].isUsed = true
      if case .value(let value) = head.slot { return value }
      return nil
    }
    if spec.targetLosses.count == 1 { return end.flatMap { take($0, for: loss.range) } }
    hasLostUses = true
    // A layer with mistakes in it may be the one.
    if hasUnreadableLayers { return nil }
    reader.error(
      "missing-head", "no layer predicts the target '\(target)'", at: loss.range,
      help: "End with - dense: \(target), or write from: beside the loss.")
    return nil
  }

  private mutating func checkMetrics(_ heads: [LoweredModel.Head]) {
    for metric in spec.metrics {
      if schema.targets.isEmpty, !spec.needsTargets {
        reader.error(
          "metric-mismatch", "'\(metric.word)' is told of a target, and no loss compares with one",
          at: metric.range, help: "Take it out; the loss is reported in any case.")
        continue
      }
      if let reference = metric.target, targets[reference.name] == nil {
        let suggestion = nearest(to: reference.name, among: schema.targets.map(\.name))
        reader.error(
          "unknown-target", "the data has no target '\(reference.name)'", at: reference.range,
          label: suggestion.map(didYouMean))
        continue
      }
      let meant = schema.targets.filter { metric.target == nil || metric.target?.name == $0.name }
      guard !meant.isEmpty else { continue }
      let fitting = meant.filter { metric.metric.fits($0.type) }
      guard fitting.isEmpty else {
        check(metric, heads.filter { head in fitting.contains { $0.name == head.target } })
        continue
      }
      reader.error(
        "metric-mismatch",
        "'\(metric.word)' cannot be told of \(listed(meant.map { "'\($0.name)', \($0.type.described)" }))",
        at: metric.range, help: metricHelp(meant[0].type))
    }
  }

  /// Reports the first head whose prediction a metric cannot judge.
  private mutating func check(_ metric: MetricSpec, _ heads: [LoweredModel.Head]) {
    for head in heads {
      do throws(ShapeError) {
        try metric.metric.check(head.type, prediction: g.shape(head.prediction))
      } catch {
        return report(error, "metric-mismatch", at: metric.range)
      }
    }
  }

  private func metricHelp(_ type: TargetType) -> String {
    let fitting = reader.catalogue.metrics.entries.compactMap { entry -> String? in
      guard let metric = (entry.type as? any Metric.Type)?.init() else { return nil }
      return metric.fits(type) ? entry.word : nil
    }
    return "Of such a target there are \(listed(fitting))."
  }
}
