import NNData
import NNEngine
import NNGraph
import NNModel
import NNPlan
import NNTensor
import NNTraining

/// The network of a case as `nnc predict` runs it, on as many rows as are asked for.
final class Inference {
  let rows: Int
  private let evaluator: Evaluator
  private let table: SampleTable
  private let store: ParameterStore

  init(
    _ model: CheckedModel, _ data: PreparedData, _ tensors: [(name: String, tensor: Tensor)],
    rows: Int, threads: Int
  ) throws {
    guard let lowered = model.lowered(for: .inference), let samples = data.splits[.train] else {
      throw RunnerError("the case has no form for predictions")
    }
    self.rows = rows
    store = ParameterStore(Plan(lowered.graph).parameters)
    for entry in store.layout.entries {
      guard let tensor = tensors.first(where: { $0.name == entry.parameter.name }) else {
        throw RunnerError("training has no tensor '\(entry.parameter.name)'")
      }
      store.set(entry, tensor.tensor)
    }
    evaluator = Evaluator(
      lowered, metrics: [], preprocessing: data.preprocessing, batch: rows, store: store,
      pool: WorkerPool(threads: threads))
    table = SampleTable(samples.repeated(to: rows), for: lowered.graph)
  }

  /// Predicts all rows so many times; the microseconds of each.
  func run(times: Int) throws -> [Double] {
    var result: [Double] = []
    for _ in 0..<times {
      let start = ContinuousClock.now
      let predictions = try evaluator.predict(table)
      result.append(microseconds(since: start))
      guard predictions.first?.isEmpty == false else { throw RunnerError("nothing was predicted") }
    }
    return result
  }
}

extension Samples {
  /// The same samples over and over, up to a count, without targets.
  fileprivate func repeated(to count: Int) -> Samples {
    let inputs = inputs.map { array in
      let size = array.sampleShape.count
      let storage: FeatureArray.Storage =
        switch array.storage {
        case .float(let values): .float(values.repeated(to: count * size))
        case .index(let values): .index(values.repeated(to: count * size))
        case .filed: array.storage
        }
      return FeatureArray(name: array.name, sampleShape: array.sampleShape, storage: storage)
    }
    return Samples(count: count, inputs: inputs, targets: [])
  }
}

extension Array {
  fileprivate func repeated(to count: Int) -> [Element] {
    guard !isEmpty else { return [] }
    var result: [Element] = []
    result.reserveCapacity(count)
    while result.count < count { result += prefix(count - result.count) }
    return result
  }
}
