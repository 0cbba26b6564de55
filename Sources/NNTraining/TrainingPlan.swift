import NNGraph
import NNModel
package import NNPlan

extension CheckedModel {
  /// What a step of training runs: the loss and the gradients, and nothing that only predictions
  /// need.
  package var trainingPlan: Plan {
    var graph = lowered.graph
    graph.outputs.removeAll { $0.value != lowered.loss }
    return Plan(
      differentiated(
        withFusedCrossEntropy(graph), loss: lowered.loss,
        isTrained: { !file.spec.optimizer.isFrozen($0.name) }),
      operands: file.spec.train.precision.operands)
  }
}
