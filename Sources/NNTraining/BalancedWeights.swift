import NNData
import NNDiagnostics
import NNModel
import NNTensor
import NNYAML

extension YAMLNode {
  /// A model file's tree with numbers wherever a loss says `class_weights: balanced`, or nil where
  /// none does: what is recorded of a run tells the weights it was trained with.
  func withBalancedWeights(_ data: PreparedData) throws(StorageProblem) -> YAMLNode? {
    guard var root = mapping, let place = root.entries.firstIndex(where: { $0.key == "loss" })
    else { return nil }
    // Counting takes a pass over a file of samples.
    guard root.entries[place].value.saysBalanced else { return nil }
    let balancing = try Balancing(data)
    guard let loss = balancing.written(root.entries[place].value, target: nil) else { return nil }
    root.entries[place].value = loss
    var node = self
    node.content = .mapping(root)
    return node
  }
}

extension Reader {
  /// Reports each `class_weights: balanced` that stayed when the classes were counted, because it is
  /// not clear whose they are.
  mutating func checkBalanced(_ root: YAMLNode) {
    guard let loss = root.mapping?["loss"] else { return }
    for range in loss.unclearBalances {
      error(
        "missing-field",
        "'class_weights: balanced' does not tell which target's classes are counted",
        at: range, help: "Name a category beside the loss: target: NAME.")
    }
  }
}

extension YAMLNode {
  fileprivate var saysBalanced: Bool { !unclearBalances.isEmpty }

  /// Where the word stands for which there are no numbers.
  fileprivate var unclearBalances: [SourceRange] {
    let inside = (sequence ?? []) + (mapping?.entries.map(\.value) ?? [])
    let own = (mapping?.entries ?? []).filter {
      $0.key == "class_weights" && $0.value.scalar?.text == "balanced"
    }
    return own.map(\.value.range) + inside.flatMap(\.unclearBalances)
  }
}

/// The weights of the classes of each target, `n / (k · count)` of n training rows and k classes.
private struct Balancing {
  private let weights: [String: [Double]]

  init(_ data: PreparedData) throws(StorageProblem) {
    var weights: [String: [Double]] = [:]
    for target in data.splits[.train]?.targets ?? [] {
      guard target.dataType == .int32,
        let classes = data.preprocessing.target(target.name)?.classes
      else { continue }
      var counts = [Int](repeating: 0, count: classes.count)
      try data.splits[.train]?.forEachIndex(ofTarget: target.name) { index in
        if counts.indices.contains(Int(index)) { counts[Int(index)] += 1 }
      }
      let all = Double(counts.reduce(0, +)) / Double(classes.count)
      // A class that no training row has weighs nothing that could be learnt.
      weights[target.name] = counts.map { $0 == 0 ? 1 : all / Double($0) }
    }
    self.weights = weights
  }

  /// A part of the loss with numbers in place of the word, or nil where it has none.
  func written(_ node: YAMLNode, target: String?) -> YAMLNode? {
    var changed = node
    if let elements = node.sequence {
      let parts = elements.map { written($0, target: target) }
      guard parts.contains(where: { $0 != nil }) else { return nil }
      changed.content = .sequence(zip(elements, parts).map { $1 ?? $0 })
      return changed
    }
    guard var mapping = node.mapping else { return nil }
    let target = mapping["target"]?.scalar?.text ?? target
    var isChanged = false
    for place in mapping.entries.indices {
      let entry = mapping.entries[place]
      let value =
        entry.key == "class_weights" && entry.value.scalar?.text == "balanced"
        ? list(target, at: entry.value.range) : written(entry.value, target: target)
      guard let value else { continue }
      mapping.entries[place].value = value
      isChanged = true
    }
    guard isChanged else { return nil }
    changed.content = .mapping(mapping)
    return changed
  }

  /// Nil where it is not clear which target is meant.
  private func list(_ target: String?, at range: SourceRange) -> YAMLNode? {
    let only = weights.count == 1 ? weights.values.first : nil
    guard let numbers = target.flatMap({ weights[$0] }) ?? only else { return nil }
    let nodes = numbers.map { number in
      YAMLNode(
        .scalar(YAMLScalar(text: "\(number)", isPlain: true, value: .float(number))), at: range)
    }
    return YAMLNode(.sequence(nodes), at: range)
  }
}
