import CKernels
package import NNGraph
import NNPlan
package import NNTensor

/// A second set of the parameters that follows the one that is trained: averages of all kinds, and
/// the slow weights of lookahead.
package final class WeightCopy {
  private let store: ParameterStore
  private let pool: WorkerPool
  private let slices: [ParameterSlice]
  private let weights: TensorBuffer
  private let share: TensorBuffer
  private let following: BoundTileProgram

  package init(of store: ParameterStore, pool: WorkerPool) throws(KernelError) {
    self.store = store
    self.pool = pool
    slices = store.layout.slices
    weights = TensorBuffer(elementCount: store.layout.count)
    share = TensorBuffer(elementCount: 1)
    // A share of one gives the parameters themselves, bit for bit, whatever the copy held.
    let program = UpdateProgram(arrays: 2, scalars: 1) { arrays, scalars in
      let moved = arrays[0] + scalars[0] * (arrays[1] - arrays[0])
      return [(0, select(.binary(.equal, scalars[0], 1), arrays[1], moved))]
    }
    following = try program.bound(
      arrays: [weights.floats(), store.buffer.floats()], scalars: [share.floats()])
  }

  /// copy ← copy + share · (parameters − copy)
  package func follow(by share: Double) {
    self.share.floats().pointee = Float(share)
    var work = (slices: slices, program: following)
    pool.share(slices.count, &work) { context, index in
      let work = context.assumingMemoryBound(
        to: (slices: [ParameterSlice], program: BoundTileProgram).self)
      let slice = work.pointee.slices[index]
      work.pointee.program.run(begin: slice.begin, count: slice.count, RunPosition())
    }
  }

  /// Writes the copy over the parameters of a store of the same layout.
  package func write(to other: ParameterStore) {
    other.narrowIsStale()
    for slice in slices {
      (other.buffer.floats() + slice.begin)
        .update(from: weights.floats() + slice.begin, count: slice.count)
    }
  }

  // MARK: State

  /// The copy of each parameter that is updated, `<parameter>.<name>`.
  package func tensors(_ name: String) -> [(name: String, tensor: Tensor)] {
    store.layout.entries.filter(\.isUpdated).map { entry in
      let begin = weights.floats(atByte: entry.offset * 4)
      let values = Array(UnsafeBufferPointer(start: begin, count: entry.shape.count))
      return ("\(entry.parameter.name).\(name)", Tensor(entry.shape, values))
    }
  }

  /// Goes on with what a run left; false, and nothing changed, where a tensor is missing or of
  /// another shape.
  package func restore(_ tensors: [String: Tensor], _ name: String) -> Bool {
    let entries = store.layout.entries.filter(\.isUpdated)
    let found = entries.map { tensors["\($0.parameter.name).\(name)"] }
    guard zip(entries, found).allSatisfy({ $1?.shape == $0.shape }) else { return false }
    for (entry, tensor) in zip(entries, found) {
      let begin = weights.floats(atByte: entry.offset * 4)
      for (index, value) in (tensor?.values ?? []).enumerated() { begin[index] = value }
    }
    return true
  }
}
