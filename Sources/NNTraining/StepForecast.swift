import NNData
import NNEngine
import NNGraph
package import NNJSON
import NNModel
import NNPlan
import NNTensor

/// How long training will take on this machine, before any of it is done.
///
/// Half a second is spent on measuring: first how fast the machine is with each class of work, then,
/// for what is left of the time, the ops themselves that weigh most in the step. The forecast is the
/// sum over the ops of the plan, what is done to images whenever they are taken, and the update of the
/// parameters.
package struct StepForecast: Sendable {
  package let threads: Int
  package let secondsPerStep: Double
  /// With a look at the validation rows at its end; nil where the number of rows is not known.
  package let secondsPerEpoch: Double?

  package init(_ model: CheckedModel, threads: Int) {
    let rows = model.epochRowCount
    let spec = model.file.spec
    let plan = model.trainingPlan
    let length = TrainingLength(spec.train, rows: rows ?? spec.train.batch * spec.train.accumulate)
    let shardSize = model.shardRows(of: plan, batch: length.batch)
    let shards = (length.batch + shardSize - 1) / shardSize
    let pool = WorkerPool(threads: threads)
    self.threads = pool.count
    // Where there is one shard, one thread does the work and has memory to itself.
    let timer = OpTimer(shards > 1 ? pool : WorkerPool(threads: 1))
    let deadline = ContinuousClock.now + .milliseconds(StepForecast.milliseconds)
    let speed = MachineSpeed(timer)

    let turns = (shards + pool.count - 1) / pool.count
    // Shards that wait for each other have memory of their own each.
    let memory =
      MemoryPlan(plan, rows: shardSize).arenaBytes * (plan.shardsWait ? turns : 1)
    let shard = StepForecast.seconds(
      of: plan, rows: shardSize, memory: memory, helpers: shards == 1 ? pool.count : 1, timer,
      speed, until: deadline)
    let handOvers = shards > 1 && pool.count > 1 ? Double(plan.phases.count) * speed.handOver : 0
    // Whoever runs a shard makes its rows.
    let rowMaking = Double(turns * min(shardSize, length.batch)) * model.secondsPerRow
    let batch = Double(turns) * shard + rowMaking + handOvers
    let batches = Double((length.stepRows + length.batch - 1) / length.batch)
    let update = StepForecast.updateSeconds(
      OptimizerRun(spec.optimizer, plan.parameters).rule, plan.parameters,
      parts: ShardBlocks(shards: shards, workers: pool.count).count, threads: pool.count, speed)
    let step = batches * (batch + StepForecast.ownSeconds) + update
    secondsPerStep = step
    let validation = StepForecast.validationSeconds(
      model, threads: pool.count, timer, speed, until: deadline)
    secondsPerEpoch = rows.map { _ in step * Double(length.stepsPerEpoch) + validation }
  }

  /// How long the validation rows take; zero where there are none.
  private static func validationSeconds(
    _ model: CheckedModel, threads: Int, _ timer: OpTimer, _ speed: MachineSpeed,
    until deadline: ContinuousClock.Instant
  ) -> Double {
    guard let rows = model.prepared?.splits[.validation]?.count, rows > 0,
      let lowered = model.lowered(for: .inference)
    else { return 0 }
    let plan = Plan(lowered.graph)
    let shardSize =
      lowered.graph.needsWholeBatch ? model.file.spec.train.batch : Evaluator.shardRows(of: plan)
    let shards = (rows + shardSize - 1) / shardSize
    let turns = (shards + threads - 1) / threads
    let size = min(shardSize, rows)
    let shard = seconds(
      of: plan, rows: size, memory: MemoryPlan(plan, rows: size).arenaBytes, timer, speed,
      until: deadline)
    return Double(turns) * shard
  }

  package var json: JSONValue {
    [
      "threads": JSONValue(threads), "seconds_per_step": .number(secondsPerStep),
      "seconds_per_epoch": secondsPerEpoch.map { .number($0) } ?? .null,
    ]
  }

  /// What measuring takes.
  private static let milliseconds = 450
  /// What lies around the ops of a batch: rows gathered, the loss read, schedules asked.
  private static let ownSeconds = 8e-7
  /// An op that takes longer is not run for its own sake.
  private static let longest = 0.02

  // MARK: Ops

  /// Ops that take the same time.
  private struct OpKey: Hashable {
    let op: AnyHashable
    let types: [ValueType]
    let layouts: [Layout]
  }

  /// The ops of a plan that are alike.
  private struct Kin {
    let node: Graph.Node
    var count = 0
    let bytes: Int
    let estimate: Double
    /// How many share each.
    let threads: Int
  }

  /// How long one thread takes for all ops of a shard.
  ///
  /// - memory: bytes that the thread works in.
  /// - helpers: threads that share the larger ops, this one included.
  private static func seconds(
    of plan: Plan, rows: Int, memory: Int, helpers: Int = 1, _ timer: OpTimer,
    _ speed: MachineSpeed,
    until deadline: ContinuousClock.Instant
  ) -> Double {
    func types(_ values: [Value]) -> [ValueType] { values.map { plan.graph.type($0) } }
    func layouts(_ node: Graph.Node) -> [Layout] {
      (node.inputs + node.outputs).map { plan.layouts[$0.index] }
    }
    var kin: [OpKey: Kin] = [:]
    for node in plan.phases.flatMap(\.nodes) where node.op.aliases.isEmpty {
      let (inputs, outputs) = (types(node.inputs), types(node.outputs))
      let key = OpKey(op: AnyHashable(node.op), types: inputs + outputs, layouts: layouts(node))
      if kin[key] == nil {
        let cost = plan.graph.cost(of: node, rows: rows)
        let estimate = speed.seconds(cost, node.op.work(inputs, outputs, rows: rows))
        let threads = helpers == 1 ? 1 : min(helpers, Team.parts(for: cost))
        kin[key] = Kin(node: node, bytes: cost.bytes, estimate: estimate, threads: threads)
      }
      kin[key]?.count += 1
    }
    // Those that weigh most first; names keep the order the same where they weigh the same.
    let ordered = kin.values.sorted {
      (Double($1.count) * $1.estimate, $0.node.outputs[0].index)
        < (Double($0.count) * $0.estimate, $1.node.outputs[0].index)
    }
    var sum = 0.0
    for kin in ordered {
      var each = kin.estimate
      let node = kin.node
      if each <= longest, ContinuousClock.now < deadline,
        let measured = timer.seconds(
          node.op, types(node.inputs), types(node.outputs), layouts: layouts(node), rows: rows)
      {
        each = measured
      }
      sum +=
        Double(kin.count) * (each + speed.cold(bytes: kin.bytes, among: memory))
        / Double(kin.threads)
    }
    return sum
  }

  // MARK: The update

  /// How long it takes to sum up the parts of the gradients and move the parameters.
  private static func updateSeconds(
    _ rule: UpdateRule, _ layout: ParameterLayout, parts: Int, threads: Int, _ speed: MachineSpeed
  ) -> Double {
    let entries = layout.entries.filter(\.isUpdated)
    let count = entries.reduce(0) { $0 + $1.shape.count }
    let kept = rule.stateElements(layout)
    // Gradients are read part by part and written once; parameters and states are read and written.
    var bytes = 4 * (count * (parts > 1 ? parts + 2 : 1) + 2 * count + 2 * kept)
    if rule.clipNorm != nil { bytes += 8 * count }
    var seconds = speed.pass(bytes: bytes)
    for method in rule.methods {
      switch method.form {
      case .elementwise(let program):
        let steps = program.steps.reduce(0) { $0 + $1.weight }
        seconds = max(seconds, speed.seconds(Cost(operations: 0), .steps(steps * count)))
      case .tensor(let programs):
        for program in programs.values { seconds += tensorSeconds(program, speed) }
      case .joined(let program): seconds += tensorSeconds(program, speed)
      }
    }
    let isShared = threads > 1 && count >= Updater.leastShared
    return seconds / Double(isShared ? threads : 1) + Double(entries.count) * speed.call
      + (isShared ? speed.handOver : 0)
  }

  private static func tensorSeconds(_ program: TensorProgram, _ speed: MachineSpeed) -> Double {
    let graph = program.plan.graph
    return graph.nodes.reduce(0) { sum, node in
      let work = node.op.work(
        node.inputs.map { graph.type($0) }, node.outputs.map { graph.type($0) }, rows: 1)
      return sum + speed.seconds(graph.cost(of: node, rows: 1), work)
    }
  }
}
