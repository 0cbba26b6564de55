package import NNData
package import NNEngine
import NNGraph
import NNModel
import NNPlan
package import NNTensor

/// Trains a model: epochs of shuffled batches, an evaluation after each, the best parameters kept.
package final class Trainer {
  package let model: CheckedModel
  /// What is trained.
  package let store: ParameterStore
  let spec: ModelSpec
  let executor: Executor
  let updater: Updater
  var optimizerRun: OptimizerRun
  let followers: WeightFollowers
  /// What is evaluated and kept: the trained parameters themselves, or a store of its own where an
  /// average of theirs is.
  let kept: ParameterStore
  package let pool: WorkerPool
  let evaluator: Evaluator
  let loss: Value
  let tables: [SplitName: SampleTable]
  /// The rows to train on, as training sees them.
  let trainingRows: BatchRows?
  package let monitor: Monitor
  /// Rows of the training part.
  package let trainCount: Int
  /// The rows of the data that they were made of, from zero.
  let dataRows: [Int]
  /// The rows that an epoch takes.
  package let epochRows: EpochRows
  private let length: TrainingLength
  let stopping: (monitor: Monitor, rule: EarlyStopping)?
  package internal(set) var rates: Rates

  var best: Best?
  /// The epoch that early stopping counts from.
  var stoppingBest: (value: Double, epoch: Int)?
  package internal(set) var step = 0
  package internal(set) var epoch = 0
  /// What is done of an epoch that is not finished.
  var begun: EpochProgress?
  /// How training ended, where it did before its steps were over.
  var early: TrainingEnd?
  var recoveries = Recoveries()
  /// What training goes back to; nil where it never does.
  var rollbackPoint: TrainerState?
  /// Running statistics as they were before a step, where it may be left out.
  let states: StateKeeper?

  /// The best parameters so far.
  struct Best {
    let value: Double
    let epoch: Int
    let step: Int
    let tensors: [Tensor]
  }

  /// What is done of an epoch.
  struct EpochProgress {
    var steps = 0
    var samples = 0
    /// Samples of steps that were left out.
    var skipped = 0
    /// Of the others' losses.
    var sum = 0.0

    var meanLoss: Double { samples == skipped ? .nan : sum / Double(samples - skipped) }
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
    let plan = model.trainingPlan
    let store = ParameterStore(plan.parameters)
    store.initialize(seed: UInt64(spec.seed))
    self.store = store
    guard let inference = model.lowered(for: .inference) else {
      throw .kernel(KernelError("the model has no form for predictions"))
    }
    loss = lowered.loss
    let train = data.splits[.train] ?? Samples(count: 0, inputs: [], targets: [])
    do {
      epochRows = try EpochRows(spec.train, train, seed: spec.seed)
    } catch {
      throw .storage(error)
    }
    let length = TrainingLength(spec.train, rows: epochRows.count)
    self.length = length
    trainCount = train.count
    dataRows = data.rows[.train] ?? []
    executor = Executor(
      plan, parameters: store,
      shardRows: model.shardRows(of: plan, batch: length.batch), pool: pool)
    let run = OptimizerRun(spec.optimizer, plan.parameters)
    optimizerRun = run
    updater = Updater(
      store: store, rule: run.rule, pool: pool, accumulates: spec.train.accumulate > 1,
      checksFirst: spec.train.onNan == .skip)
    do {
      followers = try WeightFollowers(spec.optimizer, of: store, pool: pool)
    } catch {
      throw .kernel(error)
    }
    kept =
      followers.hasAverage || updater.hasOwnEvaluation ? ParameterStore(plan.parameters) : store
    evaluator = Evaluator(
      inference, metrics: spec.metrics, preprocessing: data.preprocessing, batch: spec.train.batch,
      store: kept, pool: pool)
    let tables = data.splits.mapValues { SampleTable($0, for: lowered.graph) }
    self.tables = tables
    trainingRows = tables[.train]?.trainingRows(seed: UInt64(spec.seed), mixing: model.mixing)
    let splits = SplitName.allCases.filter { data.splits[$0] != nil }
    monitor =
      spec.monitor(spec.checkpoint.monitor, splits: splits) ?? spec.defaultMonitor(splits: splits)
    stopping = spec.train.earlyStopping.flatMap { rule in
      spec.monitor(rule.monitor, splits: splits).map { ($0, rule) }
    }
    rates = Rates(spec.optimizer.schedules, steps: length.steps)
    states = spec.train.onNan == .skip ? StateKeeper(store) : nil
  }

  package var batch: Int { length.batch }
  /// Samples in a step, which may take several batches.
  package var stepSamples: Int { length.stepRows }
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
    if begun == nil { keepRollbackPoint() }
    while early == nil, step < totalSteps || begun != nil {
      if begun == nil {
        epoch += 1
        begun = EpochProgress()
      }
      switch try runEpoch(isInterrupted, onEvent) {
      case .interrupted: return .interrupted
      case .rolledBack: continue
      case .finished: break
      }
      let report = try finishEpoch(meanLoss: begun?.meanLoss ?? .nan)
      begun = nil
      early = try earlyEnd(report)
      keepRollbackPoint()
      try onEvent(.epoch(report))
    }
    return early ?? .completed
  }

  /// Runs the batches of an epoch that are not done yet.
  private func runEpoch(
    _ isInterrupted: () -> Bool, _ onEvent: (TrainingEvent) throws(TrainingError) -> Void
  ) throws(TrainingError) -> EpochEnd {
    guard let trainingRows else { return .finished }
    var progress = begun ?? EpochProgress()
    let order = epochRows.order(epoch: epoch - 1)
    let rest = progress.samples == 0 ? order : Array(order.dropFirst(progress.samples))
    var batches = trainingRows.batches(rest, of: stepSamples)
    while step < totalSteps, let batch = try nextBatch(&batches) {
      let factors = factors(at: step)
      progress.samples += batch.rows.count
      progress.steps += 1
      switch try attemptStep(batch, factors) {
      case .taken(let loss):
        progress.sum += loss * Double(batch.rows.count)
        begun = progress
        let report = StepReport(
          step: step, epoch: epoch, steps: totalSteps, epochs: totalEpochs,
          stepInEpoch: progress.steps, stepsPerEpoch: stepsPerEpoch, loss: loss,
          meanLoss: progress.meanLoss, rate: spec.optimizer.optimizer.lr * factors.rate,
          samples: batch.rows.count)
        try onEvent(.step(report))
      case .diverged(let divergence):
        if try recover(from: divergence, onEvent) { return .rolledBack }
        progress.skipped += batch.rows.count
        begun = progress
      }
      if isInterrupted() { return .interrupted }
    }
    if let divergence = divergenceOfParameters(meanLoss: progress.meanLoss),
      try recover(from: divergence, onEvent)
    {
      return .rolledBack
    }
    return .finished
  }

  private func nextBatch(
    _ batches: inout BatchStream
  ) throws(TrainingError) -> RowBatch? {
    do throws(StorageProblem) {
      return try batches.next()
    } catch {
      throw .storage(error)
    }
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
  package func bestTensors() throws(TrainingError) -> [(name: String, tensor: Tensor)] {
    guard let best else { return try lastTensors() }
    return zip(kept.layout.entries, best.tensors).map { ($0.parameter.name, $1) }
  }

  /// What is kept of the parameters as they are.
  package func lastTensors() throws(TrainingError) -> [(name: String, tensor: Tensor)] {
    try refreshKept()
    return kept.tensors
  }

  /// Puts the best parameters in place of the last.
  package func restoreBest() {
    guard let best else { return }
    for (entry, tensor) in zip(kept.layout.entries, best.tensors) { kept.set(entry, tensor) }
  }

  /// Puts the best parameters in place of the last, and tells their figures on each part.
  package func figuresOfBest(
    _ data: PreparedData
  ) throws(TrainingError) -> [(SplitName, Figures)] {
    restoreBest()
    var figures: [(SplitName, Figures)] = []
    for split in SplitName.allCases where data.splits[split] != nil {
      figures.append((split, try evaluate(split)))
    }
    return figures
  }

  /// Makes what is evaluated of what is trained; running statistics stay those of training.
  func refreshKept() throws(TrainingError) {
    guard kept !== store else { return }
    kept.copy(from: store)
    do {
      try updater.writeEvaluated(to: kept)
    } catch {
      throw .kernel(error)
    }
    followers.writeAverage(to: kept)
  }
}
