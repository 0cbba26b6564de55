import NNGraph
package import NNPlan
package import NNTensor

/// The values of all parameters and states in one flat buffer.
package final class ParameterStore {
  package let layout: ParameterLayout
  let buffer: TensorBuffer

  package init(_ layout: ParameterLayout) {
    self.layout = layout
    buffer = TensorBuffer(elementCount: layout.count)
  }

  /// Gives each parameter its first values; each has random numbers of its own, so that adding a
  /// layer does not change how the others begin.
  package func initialize(seed: UInt64) {
    for entry in layout.entries {
      let stream = RandomStream(seed: seed, purpose: "initialise", name: entry.parameter.name)
      set(entry, entry.parameter.initializer.tensor(shape: entry.shape, stream: stream))
    }
  }

  func floats(_ entry: ParameterLayout.Entry) -> UnsafeMutablePointer<Float> {
    buffer.floats(atByte: entry.offset * 4)
  }

  package func set(_ entry: ParameterLayout.Entry, _ tensor: Tensor) {
    precondition(tensor.shape == entry.shape)
    tensor.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      floats(entry).update(from: base, count: values.count)
    }
  }

  package func tensor(_ entry: ParameterLayout.Entry) -> Tensor {
    Tensor(
      entry.shape,
      Array(UnsafeBufferPointer(start: floats(entry), count: entry.shape.count)))
  }

  /// Takes over everything from a store of the same layout.
  package func copy(from other: ParameterStore) {
    precondition(other.layout.count == layout.count)
    buffer.floats().update(from: other.buffer.floats(), count: layout.count)
  }

  /// All parameters and states by name, in the order of the model.
  package var tensors: [(name: String, tensor: Tensor)] {
    layout.entries.map { ($0.parameter.name, tensor($0)) }
  }
}
