// What is done between two epochs.
import NNData
import NNEngine
import NNGraph
import NNModel
import NNPlan

extension Trainer {
  func finishEpoch(meanLoss: Double) throws(TrainingError) -> EpochReport {
    followers.endEpoch(epoch)
    try refreshKept()
    let validation = tables[.validation] == nil ? nil : try evaluate(.validation)
    let value = try figure(monitor, meanLoss, validation)
    let isBest = monitor.isBetter(value, than: best?.value)
    if isBest {
      best = Best(
        value: value, epoch: epoch, step: step,
        tensors: kept.layout.entries.map { kept.tensor($0) })
    }
    let report = EpochReport(
      epoch: epoch, epochs: totalEpochs, step: step, rate: rate(at: step - 1),
      trainLoss: meanLoss, validation: validation, isBest: isBest)
    try adaptRates(report)
    return report
  }

  /// Lets schedules that watch figures answer to those of an epoch.
  private func adaptRates(_ report: EpochReport) throws(TrainingError) {
    let splits = SplitName.allCases.filter { tables[$0] != nil }
    var adapted = rates
    try adapted.endEpoch(at: step - 1) { text throws(TrainingError) in
      guard let monitor = spec.monitor(text, splits: splits) else { return (.nan, false) }
      let value = try figure(monitor, report.trainLoss, report.validation)
      return (value, monitor.isBetterWhenGreater)
    }
    rates = adapted
  }

  /// A watched figure after an epoch; only what is watched is computed.
  private func figure(
    _ monitor: Monitor, _ meanLoss: Double, _ validation: Figures?
  ) throws(TrainingError) -> Double {
    switch monitor.split {
    case .train where monitor.figure == "loss": return meanLoss
    case .validation: return validation?[monitor.figure] ?? .nan
    case .train, .test: return try evaluate(monitor.split)[monitor.figure] ?? .nan
    }
  }

  func earlyEnd(_ report: EpochReport) throws(TrainingError) -> TrainingEnd? {
    guard let stopping else { return nil }
    let value = try figure(stopping.monitor, report.trainLoss, report.validation)
    if stopping.monitor.isBetter(value, than: stoppingBest?.value, by: stopping.rule.minDelta) {
      stoppingBest = (value, epoch)
      return nil
    }
    let since = epoch - (stoppingBest?.epoch ?? 0)
    return since >= stopping.rule.patience
      ? .stoppedEarly(bestEpoch: stoppingBest?.epoch ?? epoch) : nil
  }
}
