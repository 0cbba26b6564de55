import NNData
package import NNGraph
import NNTensor

/// How strongly each input column speaks: by how much the loss grows when the column's values are
/// shuffled among the samples; Breiman, "Random Forests" (2001).
package struct Importance: Sendable {
  package struct Entry: Sendable {
    package let column: String
    /// The mean growth of the loss over the shuffles.
    package let growth: Double
  }

  package let entries: [Entry]
  package let loss: Double

  /// - repeats: shuffles of each column.
  package init(
    _ model: TrainedModel, _ table: SampleTable, repeats: Int = 5
  ) throws(KernelError) {
    let base = try model.evaluator.evaluate(table)["loss"] ?? .nan
    var entries: [Entry] = []
    for (place, input) in table.samples.inputs.enumerated() {
      let names = model.preprocessing.inputs.first { $0.name == input.name }?.columns ?? []
      // A category becomes several numbers of one column; they are shuffled together.
      let isOne = names.count == 1
      for index in 0..<(isOne ? 1 : input.sampleShape.count) {
        let name = index < names.count ? names[index] : "\(input.name)[\(index)]"
        var sum = 0.0
        for round in 0..<repeats {
          let order = RandomStream(seed: 0, purpose: "importance", name: name)
            .permutation(of: table.count, step: UInt64(round))
          let shuffled = table.samples.shuffling(
            input: place, element: isOne ? nil : index, order)
          let figures = try model.evaluator.evaluate(
            SampleTable(shuffled, for: model.evaluator.graph))
          sum += (figures["loss"] ?? .nan) - base
        }
        entries.append(Entry(column: name, growth: sum / Double(repeats)))
      }
    }
    self.entries = entries
    loss = base
  }
}

extension Samples {
  /// A copy in which one input's values, or one element of them, come from other samples.
  fileprivate func shuffling(input place: Int, element: Int?, _ order: [Int]) -> Samples {
    var inputs = self.inputs
    let width = inputs[place].sampleShape.count
    let moved = element.map { $0..<($0 + 1) } ?? 0..<width
    func shuffled<Number>(_ values: [Number]) -> [Number] {
      var result = values
      for (row, source) in order.enumerated() {
        for index in moved { result[row * width + index] = values[source * width + index] }
      }
      return result
    }
    let storage: FeatureArray.Storage =
      switch inputs[place].storage {
      case .float(let values): .float(shuffled(values))
      case .index(let values): .index(shuffled(values))
      case .filed: inputs[place].storage
      }
    inputs[place] = FeatureArray(
      name: inputs[place].name, sampleShape: inputs[place].sampleShape, storage: storage,
      late: inputs[place].late)
    return Samples(count: count, inputs: inputs, targets: targets, weights: weights)
  }
}
