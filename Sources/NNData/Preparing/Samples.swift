package import NNTensor

/// Dense prepared samples: what the engine gathers its batches from.
package struct Samples: Sendable, Equatable {
  /// How many samples every array holds.
  package let count: Int
  /// In the order of the schema.
  package let inputs: [FeatureArray]
  /// In the order of the schema; empty where a table without targets was prepared.
  package let targets: [FeatureArray]
  /// How much each sample's loss counts; nil where all count alike, or nobody asks.
  package let weights: FeatureArray?
  /// Where the values of arrays are that are filed.
  package let file: SampleFile?

  package init(
    count: Int, inputs: [FeatureArray], targets: [FeatureArray], weights: FeatureArray? = nil,
    file: SampleFile? = nil
  ) {
    self.file = file
    self.count = count
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }
}

/// One input or target of all samples, row major: [samples] + `sampleShape`.
package struct FeatureArray: Sendable, Equatable {
  package enum Storage: Sendable, Equatable {
    case float([Float])
    /// Class indices, below zero where there is no class.
    case index([Int32])
    /// Of such values as well, which are in the file of the samples.
    case filed(DataType)
  }

  package let name: String
  /// The shape of one sample.
  package let sampleShape: Shape
  package let storage: Storage
  /// What is still to be done to each row whenever it is taken, such as mirroring half of the images
  /// to train on; nil where the storage is all there is to say.
  package let late: LateTransforms?

  package init(
    name: String, sampleShape: Shape, storage: Storage, late: LateTransforms? = nil
  ) {
    self.name = name
    self.sampleShape = sampleShape
    self.storage = storage
    self.late = late
  }

  package var dataType: DataType {
    switch storage {
    case .float: .float32
    case .index: .int32
    case .filed(let type): type
    }
  }
}
