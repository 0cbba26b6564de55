import CKernels
import Glibc
package import NNGraph
package import NNPlan
import NNTensor

/// What an update of the parameters consists of.
package struct UpdateRule: Sendable {
  /// Arrays: parameter, gradient, then the optimizer's state; scalars: the optimizer's, then
  /// one that scales the gradient where `clipNorm` is set.
  package let program: UpdateProgram
  package let stateCount: Int
  package let scalarCount: Int
  /// Adds a penalty's gradient to weights; arrays: parameter, gradient.
  package let penalty: UpdateProgram?
  /// The greatest Euclidean norm of all gradients together.
  package let clipNorm: Double?

  package init(
    program: UpdateProgram, stateCount: Int, scalarCount: Int, penalty: UpdateProgram?,
    clipNorm: Double?
  ) {
    self.program = program
    self.stateCount = stateCount
    self.scalarCount = scalarCount
    self.penalty = penalty
    self.clipNorm = clipNorm
  }
}

/// Sums the shards' gradients and updates the parameters, slice by slice in one pass over memory.
package final class Updater {
  private let store: ParameterStore
  private let pool: WorkerPool
  private let rule: UpdateRule
  /// All of the optimizer's tensors, one behind the other.
  private let states: TensorBuffer
  private let scalars: TensorBuffer
  private let slices: [Slice]
  /// The sum of squares of each slice.
  private let squares: UnsafeMutableBufferPointer<Double>
  private var program: BoundTileProgram?
  private var penalty: BoundTileProgram?
  /// The buffers that the programs are bound to: those of the first shard.
  private var boundTo: UnsafeMutablePointer<Float>?

  private struct Slice {
    let begin: Int
    let count: Int
    let isPenalised: Bool
  }

  /// Elements of a slice: small enough that sums stay in the cache until they are used.
  private static let sliceLength = 16_384

  package init(store: ParameterStore, rule: UpdateRule, pool: WorkerPool) {
    self.store = store
    self.pool = pool
    self.rule = rule
    states = TensorBuffer(elementCount: rule.stateCount * store.layout.count)
    scalars = TensorBuffer(elementCount: rule.scalarCount + 1)
    var slices: [Slice] = []
    for entry in store.layout.entries where entry.isUpdated {
      let isPenalised = rule.penalty != nil && entry.parameter.role == .weight
      for begin in stride(from: 0, to: entry.shape.count, by: Updater.sliceLength) {
        slices.append(
          Slice(
            begin: entry.offset + begin,
            count: min(Updater.sliceLength, entry.shape.count - begin),
            isPenalised: isPenalised))
      }
    }
    self.slices = slices
    squares = .allocate(capacity: slices.count)
    squares.initialize(repeating: 0)
  }

  deinit { squares.deallocate() }

  /// Updates the parameters from the gradients of the batch that an executor has just run.
  ///
  /// - values: the optimizer's scalars of this step.
  package func update(_ executor: Executor, scalars values: [Double]) throws(KernelError) {
    let sources = executor.gradients
    guard let total = executor.gradientSum else { return }
    try bind(to: total)
    for (index, value) in values.enumerated() { scalars.floats()[index] = Float(value) }
    guard let limit = rule.clipNorm else {
      forEachSlice { slice, _ in
        self.sum(sources, into: total, slice)
        self.program?.run(begin: slice.begin, count: slice.count, RunPosition())
      }
      return
    }
    forEachSlice { slice, index in
      self.sum(sources, into: total, slice)
      self.squares[index] = nn_sum_of_squares(total + slice.begin, Int64(slice.count))
    }
    // Slice by slice in order: the norm must not depend on the number of threads.
    let norm = squares.reduce(0, +).squareRoot()
    // As PyTorch's clip_grad_norm_ has it, with its guard against a norm of zero.
    scalars.floats()[rule.scalarCount] = Float(min(1, limit / (norm + 1e-6)))
    forEachSlice { slice, _ in
      self.program?.run(begin: slice.begin, count: slice.count, RunPosition())
    }
  }

  private func sum(
    _ sources: [UnsafePointer<Float>?], into total: UnsafeMutablePointer<Float>, _ slice: Slice
  ) {
    if sources.count > 1 {
      nn_sum_tree(total, sources, Int32(sources.count), Int64(slice.begin), Int64(slice.count))
    }
    if slice.isPenalised {
      penalty?.run(begin: slice.begin, count: slice.count, RunPosition())
    }
  }

  private func bind(to gradients: UnsafeMutablePointer<Float>) throws(KernelError) {
    guard boundTo != gradients else { return }
    let parameters = store.buffer.floats()
    var arrays = [parameters, gradients]
    for index in 0..<rule.stateCount { arrays.append(stateBase(index)) }
    let numbers = (0..<(rule.scalarCount + 1)).map { scalars.floats() + $0 }
    program = try rule.program.bound(
      arrays: arrays, scalars: Array(numbers.prefix(rule.program.scalarCount)))
    penalty = try rule.penalty?.bound(arrays: [parameters, gradients], scalars: [])
    boundTo = gradients
  }

  private func forEachSlice(_ body: (Slice, Int) -> Void) {
    guard slices.count > 1, pool.count > 1 else {
      for (index, slice) in slices.enumerated() { body(slice, index) }
      return
    }
    pool.run { worker in
      let share = (slices.count + pool.count - 1) / pool.count
      let first = min(worker * share, slices.count)
      for index in first..<min(first + share, slices.count) { body(slices[index], index) }
    }
  }

  // MARK: State

  /// The optimizer's state: for each of its tensors one flat buffer laid out as the parameters.
  package func state(_ index: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: stateBase(index), count: store.layout.count))
  }

  package func setState(_ index: Int, _ values: [Float]) {
    precondition(values.count == store.layout.count)
    values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      stateBase(index).update(from: base, count: source.count)
    }
  }

  private func stateBase(_ index: Int) -> UnsafeMutablePointer<Float> {
    states.floats() + index * store.layout.count
  }
}
