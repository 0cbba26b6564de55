import NNDiagnostics
package import NNGraph
package import NNTensor

/// A model as a graph.
package struct LoweredModel: Sendable {
  /// What a target is predicted from and by.
  package struct Head: Sendable {
    package let target: String
    package let type: TargetType
    package let loss: any Loss
    package let weight: Double
    /// What is predicted: probabilities or numbers.
    package let prediction: Value
    /// How far each predicted number is expected to be off, where the loss learns it.
    package let deviation: Value?
    /// The loss of each sample, before the loss's weight.
    package let sampleLoss: Value
  }

  /// One of the losses that are added up, with a target or without.
  package struct Term: Sendable {
    /// The target's name, or the loss's word.
    package let name: String
    package let weight: Double
    /// The loss of each sample, before the loss's weight.
    package let sampleLoss: Value
  }

  /// A value that a loss without a target compares with others.
  package struct Embedding: Sendable {
    package let name: String
    package let value: Value
  }

  /// A layer for reports.
  package struct LayerSummary: Sendable {
    /// With the layers around it: `residual_1.dense_2`.
    package let path: String
    package let word: String
    package let depth: Int
    package let shape: Shape?
  }

  package let graph: Graph
  /// The weighted sum of the losses' means over the batch; of this shard's samples.
  package let loss: Value
  package let terms: [Term]
  package let heads: [Head]
  package let embeddings: [Embedding]
  package let layers: [LayerSummary]
}

/// Which graph to make of a model.
package enum LoweringMode: Sendable {
  case training
  /// Predictions and losses, without dropout, with running statistics.
  case inference
}
