import NNGraph
package import NNPlan
package import NNTensor

/// The values of all parameters and states in one flat buffer.
package final class ParameterStore {
  package let layout: ParameterLayout
  let buffer: TensorBuffer
  private var narrow: NarrowParameters?

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
      write(entry) { $0.update(from: base, count: values.count) }
    }
  }

  /// Has all elements of a parameter written where they lie.
  package func write(
    _ entry: ParameterLayout.Entry, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    narrow?.isStale = true
    body(floats(entry))
  }

  package func tensor(_ entry: ParameterLayout.Entry) -> Tensor {
    Tensor(
      entry.shape,
      Array(UnsafeBufferPointer(start: floats(entry), count: entry.shape.count)))
  }

  /// Takes over everything from a store of the same layout.
  package func copy(from other: ParameterStore) {
    precondition(other.layout.count == layout.count)
    narrow?.isStale = true
    buffer.floats().update(from: other.buffer.floats(), count: layout.count)
  }

  /// All parameters and states by name, in the order of the model.
  package var tensors: [(name: String, tensor: Tensor)] {
    layout.entries.map { ($0.parameter.name, tensor($0)) }
  }
}

// MARK: Copies in bf16

extension ParameterStore {
  /// Keeps copies in bf16 of some parameters, besides those kept already.
  func keepNarrow(_ parameters: [Value]) {
    guard !parameters.isEmpty else { return }
    let narrow = narrow ?? NarrowParameters(layout)
    for (index, entry) in layout.entries.enumerated() {
      if parameters.contains(entry.parameter.value) { narrow.isKept[index] = true }
    }
    narrow.isStale = true
    self.narrow = narrow
  }

  var narrowBase: UnsafeMutableRawPointer? { narrow?.buffer.base }

  /// Makes the copies anew, if parameters were written by others than those who refresh them.
  func refreshNarrow(_ pool: WorkerPool) {
    guard let narrow, narrow.isStale else { return }
    var store = self
    pool.share(narrow.slices.count, &store) { context, index in
      let store = context.assumingMemoryBound(to: ParameterStore.self).pointee
      if let narrow = store.narrow { store.refreshNarrow(narrow.slices[index]) }
    }
    narrow.isStale = false
  }

  /// The same for a stretch that has just been written, while it is still in the cache.
  func refreshNarrow(_ slice: ParameterSlice) { narrow?.refresh(slice, from: buffer.floats()) }

  /// To be called by whoever writes parameters and does not refresh.
  func narrowIsStale() { narrow?.isStale = true }
}

/// The parameters that products read in bf16, in a buffer laid out as all parameters are.
private final class NarrowParameters {
  let buffer: TensorBuffer
  let slices: [ParameterSlice]
  /// By entry of the layout.
  var isKept: [Bool]
  var isStale = true

  init(_ layout: ParameterLayout) {
    buffer = TensorBuffer(byteCount: layout.count * DataType.bfloat16.byteCount)
    slices = layout.allSlices
    isKept = layout.entries.map { _ in false }
  }

  func refresh(_ slice: ParameterSlice, from parameters: UnsafeMutablePointer<Float>) {
    guard isKept[slice.entry] else { return }
    Cast.round(
      parameters, to: buffer.base.assumingMemoryBound(to: UInt16.self), begin: slice.begin,
      count: slice.count)
  }
}
