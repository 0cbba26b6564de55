package import NNData
package import NNEngine
package import NNGraph
package import NNModel
import NNPlan
import NNTensor

/// Tells how good a model's parameters are on samples.
package final class Evaluator {
  private let model: LoweredModel
  private let executor: Executor
  /// Runs what predictions need and no losses; made when it is first asked for.
  private lazy var predictor: Executor = {
    var graph = model.graph
    let wanted = Set(
      model.heads.flatMap { [$0.prediction] + ($0.deviation.map { [$0] } ?? []) }
        + model.embeddings.map(\.value))
    graph.outputs.removeAll { !wanted.contains($0.value) }
    return Executor(
      Plan(graph), parameters: store, shardRows: executor.shardRows, pool: executor.pool)
  }()
  private let store: ParameterStore
  private let metrics: [MetricSpec]
  private let preprocessing: Preprocessing
  /// Samples of a run.
  private let runRows: Int

  /// - model: lowered for inference.
  /// - batch: samples that are compared with each other, where a loss does so.
  /// - store: whose layout is that of the training graph.
  package init(
    _ model: LoweredModel, metrics: [MetricSpec], preprocessing: Preprocessing, batch: Int,
    store: ParameterStore, pool: WorkerPool
  ) {
    let plan = Plan(model.graph)
    let shardRows = model.graph.needsWholeBatch ? batch : Evaluator.shardRows(of: plan)
    runRows = model.graph.needsWholeBatch ? batch : max(1024, 8 * shardRows)
    self.model = model
    self.store = store
    self.metrics = metrics
    self.preprocessing = preprocessing
    executor = Executor(plan, parameters: store, shardRows: shardRows, pool: pool)
  }

  /// Samples of a shard: so many that handing it out is little beside the work. It depends on the
  /// model alone, because it decides the order of sums.
  static func shardRows(of plan: Plan) -> Int {
    let operations = plan.cost(rows: 1).operations
    var rows = 64
    while rows < 2048, rows * operations < 1_000_000 { rows *= 2 }
    return rows
  }

  package var graph: Graph { model.graph }
  package var heads: [LoweredModel.Head] { model.heads }
  package var embeddings: [LoweredModel.Embedding] { model.embeddings }

  /// The loss and all metrics over a table of samples.
  package func evaluate(_ table: SampleTable) throws(KernelError) -> Figures {
    var losses = [Double](repeating: 0, count: model.terms.count)
    var accumulators = makeAccumulators()
    try forEachRun(of: table, on: executor) { first, batch in
      for (index, term) in model.terms.enumerated() {
        executor.forEachPart(term.sampleLoss) { _, part in
          for loss in part { losses[index] += Double(loss) }
        }
      }
      for (index, head) in model.heads.enumerated() {
        let feature = preprocessing.target(head.target)
        // What was read for this run alone begins with it.
        let staged = batch.staged?.target(head.target, count: batch.rows.count)
        let truth = staged ?? table.samples.targets.first { $0.name == head.target }
        let start = batch.staged == nil ? first : 0
        executor.forEachPart(head.prediction) { offset, part in
          let rows = observations(Array(part), head, feature, truth, from: start + offset)
          for observation in rows {
            for place in accumulators.indices where accumulators[place].head == index {
              accumulators[place].accumulator.add(observation)
            }
          }
        }
      }
    }
    return figures(losses, accumulators, count: table.count)
  }

  /// What is predicted of each head, in the data's own units, [samples, width] each.
  package func predict(_ table: SampleTable) throws(KernelError) -> [[Float]] {
    var predictions = model.heads.map { head in
      var values: [Float] = []
      values.reserveCapacity(table.count * width(of: head))
      return values
    }
    try forEachRun(of: table, on: predictor) { _, _ in
      for (index, head) in model.heads.enumerated() {
        let feature = preprocessing.target(head.target)
        predictor.forEachPart(head.prediction) { _, part in
          if case .number = head.type {
            predictions[index] += unscaled(Array(part), head, feature, width: width(of: head))
          } else {
            predictions[index].append(contentsOf: part)
          }
        }
      }
    }
    return predictions
  }

  /// How far each predicted number is expected to be off, in the data's own units, [samples, width];
  /// nil where the head's loss does not learn it.
  package func deviations(
    _ head: LoweredModel.Head, _ table: SampleTable
  ) throws(KernelError) -> [Float]? {
    guard let value = head.deviation else { return nil }
    let width = max(head.type.shape.count, 1)
    let feature = preprocessing.target(head.target)
    // A bent scale stretches each prediction's surroundings in its own way.
    let centres = feature?.isLinear ?? true ? [] : try rows(of: head.prediction, table)
    return try rows(of: value, table).enumerated().map { index, value in
      let centre = centres.isEmpty ? 0 : centres[index]
      return Float(
        feature?.unscaledDifference(value, element: index % width, around: centre)
          ?? Double(value))
    }
  }

  /// An output of the graph for all samples, [samples, …].
  package func rows(of output: Value, _ table: SampleTable) throws(KernelError) -> [Float] {
    var result: [Float] = []
    try forEachRun(of: table, on: predictor) { _, _ in
      predictor.forEachPart(output) { _, part in result += Array(part) }
    }
    return result
  }

  private func forEachRun(
    of table: SampleTable, on executor: Executor, _ body: (_ first: Int, _ batch: RowBatch) -> Void
  ) throws(KernelError) {
    var batches = table.evaluationRows.batches(Array(0..<table.count), of: runRows)
    var first = 0
    while let batch = try next(&batches) {
      let outcome: Result<Void, KernelError> = batch.rows.withUnsafeBufferPointer { rows in
        do throws(KernelError) {
          return .success(try executor.run(batch.table, rows: rows, step: 0))
        } catch {
          return .failure(error)
        }
      }
      try outcome.get()
      body(first, batch)
      first += batch.rows.count
    }
  }

  private func next(_ batches: inout BatchStream) throws(KernelError) -> RowBatch? {
    do throws(StorageProblem) {
      return try batches.next()
    } catch {
      throw KernelError(error.message)
    }
  }

  // MARK: Observations

  /// Numbers in the data's own units; probabilities as they are.
  ///
  /// - values: [samples, width], where there may be several for each number of the target, side
  ///   by side, such as its quantiles.
  private func unscaled(
    _ values: [Float], _ head: LoweredModel.Head, _ feature: FittedFeature?, width: Int
  ) -> [Float] {
    guard case .number(let shape) = head.type, let feature else { return values }
    let each = max(width / max(shape.count, 1), 1)
    return values.enumerated().map { index, value in
      Float(feature.unscaled(value, element: index % width / each % shape.count))
    }
  }

  /// How many numbers are predicted of a sample.
  private func width(of head: LoweredModel.Head) -> Int {
    max(executor.plan.graph.type(head.prediction).shape.count, 1)
  }

  private func observations(
    _ part: [Float], _ head: LoweredModel.Head, _ feature: FittedFeature?, _ truth: FeatureArray?,
    from first: Int
  ) -> [Observation] {
    let width = width(of: head)
    let predictions = unscaled(part, head, feature, width: width)
    let count = truth?.sampleShape.count ?? 0
    return (0..<(predictions.count / width)).map { row in
      let prediction = predictions[row * width..<(row + 1) * width]
      let own = (first + row) * count..<(first + row + 1) * count
      switch truth?.storage {
      case .index(let classes): return Observation(prediction: prediction, labels: classes[own])
      case .float(let values):
        let truth = unscaled(Array(values[own]), head, feature, width: count)
        return Observation(prediction: prediction, labels: [], truth: truth[...])
      case .filed, nil: return Observation(prediction: prediction, labels: [])
      }
    }
  }

  // MARK: Figures

  private struct Running {
    let name: String
    let head: Int
    var accumulator: any MetricAccumulator
  }

  private func makeAccumulators() -> [Running] {
    metrics.flatMap { metric in
      model.heads.enumerated().compactMap { index, head -> Running? in
        guard metric.target == nil || metric.target?.name == head.target,
          metric.metric.fits(head.type)
        else { return nil }
        let name = model.heads.count > 1 ? "\(head.target).\(metric.name.name)" : metric.name.name
        return Running(
          name: name, head: index, accumulator: metric.metric.accumulator(head.type))
      }
    }
  }

  private func figures(_ losses: [Double], _ running: [Running], count: Int) -> Figures {
    let means = losses.map { count == 0 ? .nan : $0 / Double(count) }
    let total = zip(means, model.terms).reduce(0) { $0 + $1.0 * $1.1.weight }
    var entries = [(name: "loss", value: MetricValue.number(total))]
    if model.terms.count > 1 {
      for (term, mean) in zip(model.terms, means) {
        entries.append(("\(term.name).loss", .number(mean)))
      }
    }
    return Figures(entries + running.map { ($0.name, $0.accumulator.result) })
  }
}
