package import NNYAML

/// What a training was made of and what it gave: the content of the lock beside a model file.
package struct Lock: Sendable {
  /// The version of the format.
  package static let version = 1

  package let conditions: LockConditions
  package let results: LockResults

  package init(conditions: LockConditions, results: LockResults) {
    self.conditions = conditions
    self.results = results
  }

  /// The name of a model file with `.lock` in place of `.yaml`.
  package static func path(of model: String) -> String {
    let end = [".yaml", ".yml"].first { model.hasSuffix($0) && model.count > $0.count }
    return String(model.dropLast(end?.count ?? 0)) + ".lock"
  }
}

/// What is known before the first step.
package struct LockConditions: Sendable {
  /// Of nnc.
  package let version: String
  package let instructionSet: String
  /// The digest of the resolved model file.
  package let config: String
  /// The resolved model file.
  package let model: YAMLNode
  /// Those of data, and those that parameters begin from.
  package let files: [DigestedFile]
  /// The digest of what training sees: which row is of which part, and the samples made of them.
  package let samples: String
}

/// A file by the path that the model file has for it.
package struct DigestedFile: Sendable, Equatable {
  package let path: String
  package let byteCount: Int
  package let digest: String
}

/// What training gave.
package struct LockResults: Sendable {
  /// How many were trained.
  package let epochs: Int
  package let steps: Int
  /// The digest of the weights before the first step.
  package let initial: String
  /// Of how many epochs one is kept.
  package let every: Int
  /// The beginnings of digests of the weights after some epochs, which ascend.
  package let after: [(epoch: Int, digest: String)]
  /// The beginnings of digests of each tensor after the last step.
  package let tensors: [(name: String, digest: String)]
  /// The digests of the checkpoints.
  package let best: String
  package let last: String
  /// The figures of the best weights on each part of the data.
  package let figures: [(split: String, numbers: [(name: String, value: Double)])]

  /// So many digits of a digest tell two weights apart that are not meant to be mistaken.
  static let shortDigits = 16
  /// At most so many epochs are kept.
  static let mostEpochs = 100

  /// Of how many epochs one is kept where there are so many.
  static func every(ofEpochs count: Int) -> Int {
    max((count + mostEpochs - 1) / mostEpochs, 1)
  }
}
