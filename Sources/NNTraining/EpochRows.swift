package import NNData
import NNDiagnostics
package import NNModel
import NNTensor
import NNYAML

/// The rows that an epoch takes: all of them once, or those of rare classes several times.
package struct EpochRows: Sendable {
  /// How many an epoch takes.
  package let count: Int
  private let rows: Int
  private let shuffles: Bool
  private let seed: UInt64
  /// The rows of each class that has any, where the classes are to be seen equally often.
  private let classes: [[Int]]
  /// Rows that have no class; each is taken once.
  private let others: [Int]

  /// - samples: those to train on; of those in a file the classes are read.
  package init(_ spec: TrainSpec, _ samples: Samples, seed: Int) throws(StorageProblem) {
    rows = samples.count
    shuffles = spec.shuffle
    self.seed = UInt64(seed)
    guard let name = spec.oversample,
      let target = samples.targets.first(where: { $0.name == name }), target.sampleShape.count == 1
    else {
      (count, classes, others) = (samples.count, [], [])
      return
    }
    var (row, classes, others) = (0, [Int32: [Int]](), [Int]())
    try samples.forEachIndex(ofTarget: name) { label in
      if label < 0 { others.append(row) } else { classes[label, default: []].append(row) }
      row += 1
    }
    self.others = others
    self.classes = classes.sorted { $0.key < $1.key }.map(\.value)
    count = self.classes.count * (self.classes.map(\.count).max() ?? 0) + others.count
  }

  /// The rows of an epoch in the order they are taken, a function of the seed and the epoch.
  ///
  /// - epoch: counts from zero.
  package func order(epoch: Int) -> [Int] {
    let taken = taken(epoch)
    guard shuffles else { return taken ?? Array(0..<rows) }
    let order = RandomStream(seed: seed, purpose: "shuffle")
      .permutation(of: count, step: UInt64(epoch))
    return taken.map { taken in order.map { taken[$0] } } ?? order
  }

  /// The rows with those that are taken several times, ascending; nil where each is taken once.
  ///
  /// Every row of a class is taken as often as the largest class holds the class; what is missing
  /// then are rows that an epoch draws, none of them twice.
  private func taken(_ epoch: Int) -> [Int]? {
    guard !classes.isEmpty, let most = classes.map(\.count).max() else { return nil }
    var taken = others
    taken.reserveCapacity(count)
    for (index, members) in classes.enumerated() {
      for _ in 0..<(most / members.count) { taken += members }
      let rest = most % members.count
      guard rest > 0 else { continue }
      let drawn = RandomStream(seed: seed, purpose: "oversample", name: "\(index)")
        .permutation(of: members.count, step: UInt64(epoch))
      taken += drawn.prefix(rest).map { members[$0] }
    }
    return taken.sorted()
  }
}

extension CheckedModel {
  /// How many rows an epoch of training takes; nil where the data was not read, or cannot be again.
  package var epochRowCount: Int? {
    guard let samples = prepared?.splits[.train] else { return nil }
    guard file.spec.train.oversample != nil else { return samples.count }
    return try? EpochRows(file.spec.train, samples, seed: file.spec.seed).count
  }
}

extension Reader {
  /// Reports a target whose classes an epoch cannot show equally often.
  ///
  /// - root: the file before numbers took the place of `class_weights: balanced`.
  mutating func checkOversampling(_ spec: ModelSpec, _ schema: DataSchema, _ root: YAMLNode) {
    guard let name = spec.train.oversample,
      let node = root.mapping?["train"]?.mapping?["oversample"]
    else { return }
    guard let target = schema.targets.first(where: { $0.name == name }) else {
      let names = schema.targets.map(\.name)
      let suggestion = nearest(to: name, among: names)
      let others = names.isEmpty ? "The data has none." : "Its targets are \(listed(names))."
      error(
        "unknown-target", "the data has no target '\(name)'", at: node.range,
        label: suggestion.map(didYouMean), help: suggestion == nil ? others : nil)
      return
    }
    let isClass =
      switch target.type {
      case .category(_, let shape): shape.rank == 0
      case .binary: true
      case .number: false
      }
    guard isClass else {
      error(
        "not-a-class",
        "'oversample' takes rare classes more often, and the target '\(name)' is "
          + target.type.described, at: node.range,
        help: "Name a target that is one class a row, or take oversample: out.",
        notes: [.init("the target", at: target.range)])
      return
    }
    let losses = root.mapping?["loss"].map { $0.sequence ?? [$0] } ?? []
    for loss in losses {
      let about = loss.mapping?["target"]?.scalar?.text ?? schema.targets.first?.name
      guard about == name, let balanced = loss.unclearBalances.first else { continue }
      error(
        "conflicting-fields",
        "'oversample' and 'class_weights: balanced' both make the classes of '\(name)' count alike, "
          + "so that rare ones would count for more", at: node.range, help: "Take one of them out.",
        notes: [.init("the weights", at: balanced)])
    }
  }
}
