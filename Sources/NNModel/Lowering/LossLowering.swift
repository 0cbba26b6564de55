import NNDiagnostics
import NNGraph
import NNTensor

extension Lowering {
  /// Joins heads with their targets and adds up the losses.
  mutating func lowerLosses(_ end: Scope.Named?, _ scope: Scope) -> LoweredModel? {
    var heads: [LoweredModel.Head] = []
    var total: Expression?
    var used: [String: Reference] = [:]
    for loss in spec.losses {
      guard let kind = loss.loss, let target = target(of: loss) else {
        hasLostUses = true
        continue
      }
      if let first = used.updateValue(
        Reference(name: target.name, range: loss.range), forKey: target.name)
      {
        reader.error(
          "duplicate-target", "two losses are about the target '\(target.name)'",
          at: loss.range, help: "Give the other one its own target.",
          notes: [.init("the first one", at: first.range)])
        continue
      }
      guard let prediction = head(of: loss, target.name, end, scope) else { continue }
      do throws(ShapeError) {
        try kind.check(target.type, prediction: g.shape(prediction))
        let maker = g.graph.nodes.last { $0.outputs.contains(prediction) }
        if let objection = maker.flatMap({ kind.objection(toHeadMadeBy: $0.op) }) {
          throw objection
        }
      } catch {
        report(error, "loss-mismatch", at: loss.range)
        continue
      }
      let truth = g.input(
        "target.\(target.name)",
        ValueType(target.type.shape, isBatched: true, dataType: target.type.dataType))
      let each = kind.lower(prediction: prediction, target: truth, &g)
      heads.append(
        .init(
          target: target.name, type: target.type, loss: kind, weight: loss.weight,
          prediction: kind.output(prediction, &g), sampleLoss: each))
      let part = mean(each) * Expression(loss.weight)
      total = total.map { $0 + part } ?? part
    }
    for target in schema.targets where used[target.name] == nil && targetIsKnownUnused(target) {
      reader.error(
        "unused-target", "no loss is about the target '\(target.name)'", at: target.range,
        help: "Add a loss with target: \(target.name), or remove the target.")
    }
    checkMetrics(heads)
    guard var total, heads.count == spec.losses.count else { return nil }
    for each in sampleLosses where g.isTraining { total = total + mean(each) }
    let loss = g.elementwise(total)
    g.output("loss", loss)
    for head in heads {
      g.output("prediction.\(head.target)", head.prediction)
      g.output("sample_loss.\(head.target)", head.sampleLoss)
    }
    return LoweredModel(graph: g.graph, loss: loss, heads: heads, layers: layers)
  }

  /// This shard's part of the mean over the batch.
  private mutating func mean(_ each: Value) -> Expression {
    let sum = g.make(ReduceSum(axes: [], rank: 0, overBatch: true), each)
    return .value(sum) * .value(g.inverseBatch())
  }

  /// A loss whose own target is not known is reported already; no target is blamed for it.
  private func targetIsKnownUnused(_ target: DataSchema.Target) -> Bool {
    spec.losses.allSatisfy { loss in
      guard loss.loss != nil else { return false }
      return loss.target.map { targets[$0.name] != nil } ?? (schema.targets.count == 1)
    }
  }

  private mutating func target(of loss: LossSpec) -> DataSchema.Target? {
    guard let reference = loss.target else {
      if schema.targets.count == 1 { return schema.targets[0] }
      if schema.targets.isEmpty { return nil }
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

  /// The value that predicts a target: named by the loss, as wide as the target by name, or the
  /// end of the model.
  private mutating func head(
    of loss: LossSpec, _ target: String, _ end: Scope.Named?, _ scope: Scope
  ) -> Value? {
    if let reference = loss.from {
      return resolve(reference, scope).flatMap { take($0, for: reference.range) }
    }
    if let head = heads[target] {
      uses[head.use].isUsed = true
      if case .value(let value) = head.slot { return value }
      return nil
    }
    if spec.losses.count == 1 { return end.flatMap { take($0, for: loss.range) } }
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
