import NNGraph
import NNModel
package import NNPlan

extension CheckedModel {
  /// What a step of training runs: the loss and the gradients, and nothing that only predictions
  /// need.
  package var trainingPlan: Plan {
    trainingPlan(recomputes: file.spec.train.checkpointActivations)
  }

  /// How many samples a shard has in training; the same whether or not activations are computed
  /// again, because it decides the bits.
  ///
  /// - plan: that of training.
  func shardRows(of plan: Plan, batch: Int) -> Int {
    let train = file.spec.train
    let deciding = train.checkpointActivations ? trainingPlan(recomputes: false) : plan
    return NNTraining.shardRows(of: deciding, batch: batch, shards: train.shards)
  }

  private func trainingPlan(recomputes: Bool) -> Plan {
    var graph = lowered.graph
    graph.outputs.removeAll { $0.value != lowered.loss }
    let forward = withFusedCrossEntropy(graph)
    let whole = differentiated(
      forward, loss: lowered.loss, isTrained: { !file.spec.optimizer.isFrozen($0.name) })
    return Plan(
      recomputes ? withRecomputation(whole, forwardValues: forward.types.count) : whole,
      operands: file.spec.train.precision.operands)
  }
}
