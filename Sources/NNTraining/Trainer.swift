package import NNData
package import NNEngine
import NNGraph
package import NNJSON
import NNModel
import NNPlan
package import NNTensor

/// Trains a model: epochs of shuffled batches, an evaluation after each, the best parameters kept.
package final class Trainer {
  package let model: CheckedModel
  package let store: ParameterStore
  private let spec: ModelSpec
  private let executor: Executor
  private let updater: Updater
  private let pool: WorkerPool
  private let evaluator: Evaluator
  private let loss: Value
  private let tables: [SplitName: SampleTable]
  package let monitor: Monitor
  private let stopping: (monitor: Monitor, rule: EarlyStopping)?
  package private(set) var rates: Rates

  private var best: Best?
  private var stoppingBest: (value: Double, epoch: Int)?
  package private(set) var step = 0
  package private(set) var epoch = 0

  /// The best parameters so far.
  private struct Best {
    let value: Double
    let epoch: Int
    let step: Int
    let tensors: [Tensor]
  }

  /// - model: with its data read.
  package init(_ model: CheckedModel, _ data: PreparedData, threads: Int)
    throws(TrainingError)
  {
    self.model = model
    let spec = model.file.spec
    self.spec = spec
    pool = WorkerPool(threads: threads)
    let lowered = model.lowered
    let graph = differentiated(
      withFusedCrossEntropy(lowered.graph), loss: lowered.loss, isTrained: { _ in true })
    let plan = Plan(graph)
    let store = ParameterStore(plan.parameters)
    store.initialize(seed: UInt64(spec.seed))
    self.store = store
    guard let inference = model.lowered(for: .inference) else {
      throw .kernel(KernelError("the model has no form for predictions"))
    }
    loss = lowered.loss
    let train = data.splits[.train] ?? Samples(count: 0, inputs: [], targets: [])
    let batch = TrainingLength(spec.train, rows: train.count).batch
    executor = Executor(
      plan, parameters: store,
      shardRows: shardRows(of: plan, batch: batch, shards: spec.train.shards), pool: pool)
    updater = Updater(store: store, rule: UpdateRule(spec.optimizer), pool: pool)
    evaluator = Evaluator(
      inference, metrics: spec.metrics, preprocessing: data.preprocessing, store: store,
      pool: pool)
    tables = data.splits.mapValues { SampleTable($0, for: lowered.graph) }
    let splits = model.file.data.splitNames
    monitor =
      spec.monitor(spec.checkpoint.monitor, splits: splits) ?? spec.defaultMonitor(splits: splits)
    stopping = spec.train.earlyStopping.flatMap { rule in
      spec.monitor(rule.monitor, splits: splits).map { ($0, rule) }
    }
    rates = Rates(
      spec.optimizer.schedules, steps: TrainingLength(spec.train, rows: train.count).steps)
  }

  private var length: TrainingLength { TrainingLength(spec.train, rows: trainCount) }

  package var trainCount: Int { tables[.train]?.count ?? 0 }
  package var batch: Int { length.batch }
  package var stepsPerEpoch: Int { length.stepsPerEpoch }
  /// How many steps there are unless training stops before.
  package var totalSteps: Int { length.steps }

  package var totalEpochs: Int { (totalSteps + stepsPerEpoch - 1) / stepsPerEpoch }

  /// Trains until the end, a stop, or an interruption.
  ///
  /// - isInterrupted: asked after every step.
  /// - onEvent: told of each step and epoch, on the calling thread.
  package func train(
    isInterrupted: () -> Bool = { false }, onEvent: (TrainingEvent) throws(TrainingError) -> Void
  ) throws(TrainingError) -> TrainingEnd {
    let shuffling = RandomStream(seed: UInt64(spec.seed), purpose: "shuffle")
    while step < totalSteps {
      let order =
        spec.train.shuffle
        ? shuffling.permutation(of: trainCount, step: UInt64(epoch)) : Array(0..<trainCount)
      epoch += 1
      let mean = try runEpoch(order, isInterrupted, onEvent)
      guard let mean else { return .interrupted }
      let report = try finishEpoch(meanLoss: mean)
      try onEvent(.epoch(report))
      if let end = try earlyEnd(report) { return end }
    }
    return .completed
  }

  /// Runs the batches of an epoch.
  ///
  /// - Returns: the mean loss of its samples, or nil after an interruption.
  private func runEpoch(
    _ order: [Int], _ isInterrupted: () -> Bool,
    _ onEvent: (TrainingEvent) throws(TrainingError) -> Void
  ) throws(TrainingError) -> Double? {
    var sum = 0.0
    var count = 0
    for (index, first) in stride(from: 0, to: order.count, by: batch).enumerated() {
      if step == totalSteps { break }
      let rows = Array(order[first..<min(first + batch, order.count)])
      let rate = self.rate(at: step)
      let value = try takeStep(rows, rate: rate)
      sum += value * Double(rows.count)
      count += rows.count
      try onEvent(
        .step(
          StepReport(
            step: step, epoch: epoch, steps: totalSteps, epochs: totalEpochs,
            stepInEpoch: index + 1, stepsPerEpoch: stepsPerEpoch, loss: value,
            meanLoss: sum / Double(count), rate: rate, samples: rows.count)))
      if isInterrupted() { return nil }
    }
    return count == 0 ? .nan : sum / Double(count)
  }

  /// One step of gradient descent.
  ///
  /// - Returns: the loss of the batch before the step.
  package func takeStep(_ rows: [Int], rate: Double) throws(TrainingError) -> Double {
    guard let table = tables[.train] else { return .nan }
    let outcome: Result<Double, KernelError> = rows.withUnsafeBufferPointer { rows in
      do throws(KernelError) {
        try executor.run(table.table, rows: rows, step: step)
        let value = executor.total(loss)
        guard value.isFinite else { return .success(value) }
        try updater.update(
          executor, scalars: spec.optimizer.optimizer.scalars(step: step + 1, rate: rate))
        executor.updateStates()
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    step += 1
    switch outcome {
    case .success(let value) where value.isFinite: return value
    case .success(let value): throw .diverged(step: step, epoch: epoch, loss: value)
    case .failure(let error): throw .kernel(error)
    }
  }

  /// The learning rate of a step, which counts from zero.
  package func rate(at step: Int) -> Double {
    spec.optimizer.optimizer.lr * rates.factors(at: step).rate
  }

  // MARK: Epochs

  private func finishEpoch(meanLoss: Double) throws(TrainingError) -> EpochReport {
    let validation = tables[.validation] == nil ? nil : try evaluate(.validation)
    let value = try figure(monitor, meanLoss, validation)
    let isBest = monitor.isBetter(value, than: best?.value)
    if isBest {
      best = Best(
        value: value, epoch: epoch, step: step,
        tensors: store.layout.entries.map { store.tensor($0) })
    }
    let report = EpochReport(
      epoch: epoch, epochs: totalEpochs, step: step, rate: rate(at: step - 1),
      trainLoss: meanLoss, validation: validation, isBest: isBest)
    try adaptRates(report)
    return report
  }

  /// Lets schedules that watch figures answer to those of an epoch.
  private func adaptRates(_ report: EpochReport) throws(TrainingError) {
    let splits = model.file.data.splitNames
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

  private func earlyEnd(_ report: EpochReport) throws(TrainingError) -> TrainingEnd? {
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

  // MARK: Results

  /// The figures of a part of the data with the parameters as they are.
  package func evaluate(_ split: SplitName) throws(TrainingError) -> Figures {
    guard let table = tables[split] else { return Figures([]) }
    do {
      return try evaluator.evaluate(table)
    } catch {
      throw .kernel(error)
    }
  }

  /// The epoch and step of the best parameters, or of the last where no epoch was finished.
  package var bestPlace: (epoch: Int, step: Int) {
    best.map { ($0.epoch, $0.step) } ?? (epoch, step)
  }

  /// The best parameters by name, or the last where no epoch was finished.
  package var bestTensors: [(name: String, tensor: Tensor)] {
    guard let best else { return store.tensors }
    return zip(store.layout.entries, best.tensors).map { ($0.parameter.name, $1) }
  }

  /// Puts the best parameters in place of the last.
  package func restoreBest() {
    guard let best else { return }
    for (entry, tensor) in zip(store.layout.entries, best.tensors) { store.set(entry, tensor) }
  }

  /// Goes on with what schedules remembered of a run; false where it is of another model.
  package func restoreRates(_ state: JSONValue) -> Bool { rates.restore(state) }

  /// The optimizer's state by parameter: `<parameter>.<state>`.
  package var optimizerTensors: [(name: String, tensor: Tensor)] {
    spec.optimizer.optimizer.stateNames.enumerated().flatMap { index, name in
      let flat = updater.state(index)
      return store.layout.entries.filter(\.isUpdated).map { entry in
        (
          "\(entry.parameter.name).\(name)",
          Tensor(entry.shape, Array(flat[entry.offset..<entry.offset + entry.shape.count]))
        )
      }
    }
  }
}
