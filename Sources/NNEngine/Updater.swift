import CKernels
package import NNGraph
import NNPlan
package import NNTensor

/// Sums the shards' gradients and updates the parameters; element by element it is one pass over
/// memory, slice by slice.
package final class Updater {
  private let store: ParameterStore
  private let pool: WorkerPool
  private let rule: UpdateRule
  private let states: OptimizerStates
  /// The scalars of all methods, one behind the other, each with a place for the clipping.
  private let scalars: TensorBuffer
  private let firstScalar: [Int]
  /// A batch's share, and whether it is added to others'.
  private let accumulationScalars: TensorBuffer
  private let slices: [ParameterSlice]
  /// Whether one worker is done with all slices before another would have begun.
  private let isSmall: Bool
  private let isPenalised: [Bool]
  private let methodOfSlice: [Int]
  /// The sum of squares of each slice.
  private let squares: UnsafeMutableBufferPointer<Double>
  /// Where gradients are summed up, where that is not the first shard's memory: programs over
  /// whole tensors are bound to one place, and batches are accumulated there.
  private let ownGradients: TensorOwner?
  /// By the gradients they read; there are as many as sizes of batches.
  private var bounds: [BoundUpdate] = []
  private var accumulations: [(batch: UnsafeMutablePointer<Float>, program: BoundTileProgram)] = []
  /// Whether parameters move slice by slice as gradients come, and nothing is known of all before.
  private let isOnePass: Bool
  /// Whether the gradients of each slice are all numbers.
  private let areFinite: UnsafeMutableBufferPointer<Bool>
  private var hasBegun = false
  private var hasAccumulated = false

  /// - accumulates: whether several batches may go into one update.
  /// - checksFirst: whether nothing may move before all gradients are known to be numbers.
  package init(
    store: ParameterStore, rule: UpdateRule, pool: WorkerPool, accumulates: Bool = false,
    checksFirst: Bool = false
  ) {
    self.store = store
    self.pool = pool
    self.rule = rule
    isOnePass = rule.isOnePass && !checksFirst
    let layout = store.layout
    states = OptimizerStates(layout, rule)
    var count = 0
    var first: [Int] = []
    for method in rule.methods {
      first.append(count)
      count += method.scalarCount + 1
    }
    firstScalar = first
    scalars = TensorBuffer(elementCount: count)
    accumulationScalars = TensorBuffer(elementCount: 2)
    slices = layout.slices
    isSmall = slices.reduce(0) { $0 + $1.count } < Updater.leastShared
    isPenalised = layout.entries.map { rule.penalty != nil && $0.parameter.role == .weight }
    methodOfSlice = slices.map { rule.method(of: $0.entry) }
    let isElementwise = rule.methods.allSatisfy { method in
      if case .elementwise = method.form { true } else { false }
    }
    ownGradients =
      isElementwise && rule.adaptiveClipping.isEmpty && !accumulates
      ? nil : TensorOwner(layout.count)
    squares = .allocate(capacity: slices.count)
    squares.initialize(repeating: 0)
    areFinite = .allocate(capacity: slices.count)
    areFinite.initialize(repeating: true)
  }

  deinit {
    squares.deallocate()
    areFinite.deallocate()
  }

  /// Elements from which on sharing them out pays for waking a worker, some ten microseconds.
  package static let leastShared = 32_768

  // MARK: Steps

  /// Adds the gradients of the batch that an executor has just run to those of the next update.
  ///
  /// - share: of the batch in all samples of the update.
  package func accumulate(_ executor: Executor, share: Double) throws(KernelError) {
    guard let total = ownGradients?.buffer.floats(), let batch = executor.gradientSum else {
      preconditionFailure("an updater that was not made for it accumulates")
    }
    let numbers = accumulationScalars.floats()
    numbers[0] = Float(share)
    numbers[1] = hasAccumulated ? 1 : 0
    var pass = Pass(updater: self, sources: executor.gradients, total: batch)
    pass.program = try accumulation(of: batch, into: total)
    forEachSlice(&pass) { context, index in
      let pass = Pass.at(context)
      let slice = pass.updater.slices[index]
      pass.sum(slice)
      pass.program?.run(begin: slice.begin, count: slice.count, RunPosition())
    }
    hasAccumulated = true
  }

  /// Updates the parameters from the gradients of the batch that an executor has just run, or from
  /// those that were accumulated.
  ///
  /// - values: the scalars of this step, for each method of the rule.
  ///
  /// - Returns: whether all gradients are numbers. Where one is none, nothing moves but, without
  ///   `checksFirst`, what moves by other gradients than that.
  @discardableResult
  package func update(_ executor: Executor, scalars values: [[Double]]) throws(KernelError) -> Bool
  {
    guard let total = ownGradients?.buffer.floats() ?? executor.gradientSum else { return true }
    let bound = try bound(to: total)
    begin()
    for (method, values) in values.enumerated() {
      let first = scalars.floats() + firstScalar[method]
      for (index, value) in values.enumerated() { first[index] = Float(value) }
    }
    var pass = Pass(
      updater: self, sources: hasAccumulated ? [] : executor.gradients, total: total)
    pass.bound = bound
    hasAccumulated = false
    if isOnePass {
      forEachSlice(&pass) { context, index in
        let pass = Pass.at(context)
        if pass.gather(index) { pass.move(index) }
      }
      return isFinite
    }
    forEachSlice(&pass) { _ = Pass.at($0).gather($1) }
    guard isFinite else { return false }
    clip(&pass, bound)
    forEachSlice(&pass) { Pass.at($0).move($1) }
    pool.deal(bound.tensors.count, &pass) { Pass.at($0).bound?.tensors[$1].run() }
    if !bound.tensors.isEmpty { store.narrowIsStale() }
    return true
  }

  private var isFinite: Bool {
    for index in areFinite.indices where !areFinite[index] { return false }
    return true
  }

  /// Gives up gradients that were accumulated.
  package func forget() { hasAccumulated = false }

  /// The last parameter of the model whose gradient is not all numbers: on the way back it
  /// came first.
  package var lastNonFinite: String? {
    areFinite.lastIndex(of: false).map { index in
      store.layout.entries[slices[index].entry].parameter.name
    }
  }

  private func forEachSlice(_ pass: inout Pass, _ body: @escaping WorkerPool.Body) {
    if isSmall {
      pool.runAlone(slices.count, &pass, body)
    } else {
      pool.share(slices.count, &pass, body)
    }
  }

  /// A pass over the parameters, as the workers share it.
  private struct Pass {
    let updater: Updater
    let sources: [UnsafePointer<Float>?]
    /// Where the sum of the sources goes.
    let total: UnsafeMutablePointer<Float>
    var bound: BoundUpdate?
    var program: BoundTileProgram?

    static func at(_ pointer: UnsafeMutableRawPointer) -> Pass {
      pointer.assumingMemoryBound(to: Pass.self).pointee
    }

    func sum(_ slice: ParameterSlice) {
      // The sum of one part in its own place is there already.
      guard sources.count > 1 || (sources.count == 1 && sources[0] != UnsafePointer(total)) else {
        return
      }
      nn_sum_tree(total, sources, Int32(sources.count), Int64(slice.begin), Int64(slice.count))
    }

    /// Puts a slice of the gradient together; whether it is all numbers.
    func gather(_ index: Int) -> Bool {
      let slice = updater.slices[index]
      sum(slice)
      if updater.isPenalised[slice.entry] {
        bound?.penalty?.run(begin: slice.begin, count: slice.count, RunPosition())
      }
      let isFinite = nn_all_finite(total + slice.begin, Int64(slice.count))
      updater.areFinite[index] = isFinite
      return isFinite
    }

    func move(_ index: Int) {
      let slice = updater.slices[index]
      bound?.elementwise[updater.methodOfSlice[index]]?
        .run(begin: slice.begin, count: slice.count, RunPosition())
      updater.store.refreshNarrow(slice)
    }

    func square(_ index: Int) {
      let slice = updater.slices[index]
      updater.squares[index] = nn_sum_of_squares(total + slice.begin, Int64(slice.count))
    }
  }

  /// Shortens the gradients, adaptively first; the norm of all is put where the programs that move
  /// parameters take it in.
  private func clip(_ pass: inout Pass, _ bound: BoundUpdate) {
    pool.deal(bound.clipping.count, &pass) { Pass.at($0).bound?.clipping[$1].run() }
    guard let limit = rule.clipNorm else { return }
    forEachSlice(&pass) { Pass.at($0).square($1) }
    // Slice by slice in order: the norm must not depend on the number of threads.
    let norm = squares.reduce(0, +).squareRoot()
    // As PyTorch's clip_grad_norm_ has it, with its guard against a norm of zero.
    let factor = Float(min(1, limit / (norm + 1e-6)))
    for (method, first) in firstScalar.enumerated() {
      scalars.floats()[first + rule.methods[method].scalarCount] = factor
    }
  }

  // MARK: Binding

  private func bound(
    to gradients: UnsafeMutablePointer<Float>
  ) throws(KernelError) -> BoundUpdate {
    if let bound = bounds.first(where: { $0.gradients == gradients }) { return bound }
    let numbers = rule.methods.indices.map { method in
      (0...rule.methods[method].scalarCount).map { scalars.floats() + firstScalar[method] + $0 }
    }
    let bound = try BoundUpdate(rule, store, gradients, states, scalars: numbers)
    bounds.append(bound)
    return bound
  }

  private func accumulation(
    of batch: UnsafeMutablePointer<Float>, into total: UnsafeMutablePointer<Float>
  ) throws(KernelError) -> BoundTileProgram {
    if let made = accumulations.first(where: { $0.batch == batch }) { return made.program }
    let program = UpdateProgram(arrays: 2, scalars: 2) { arrays, scalars in
      [(0, select(scalars[1], arrays[0], 0) + scalars[0] * arrays[1])]
    }
    let numbers = accumulationScalars.floats()
    let bound = try program.bound(arrays: [total, batch], scalars: [numbers, numbers + 1])
    accumulations.append((batch, bound))
    return bound
  }

  // MARK: State

  private func begin() {
    guard !hasBegun else { return }
    hasBegun = true
    states.begin(with: store)
  }

  /// The optimizer's tensors by name, `<parameter>.<state>`.
  package var tensors: [(name: String, tensor: Tensor)] {
    begin()
    return states.places.map { place in
      let count = place.state.shape.count
      let values = Array(UnsafeBufferPointer(start: place.memory, count: count))
      return (place.name, Tensor(place.state.shape, values))
    }
  }

  /// Goes on with tensors that a run left; false, and nothing changed, where one is missing or of
  /// another shape.
  package func restore(_ tensors: [String: Tensor]) -> Bool {
    guard states.places.allSatisfy({ tensors[$0.name]?.shape == $0.state.shape }) else {
      return false
    }
    for place in states.places {
      for (index, value) in (tensors[place.name]?.values ?? []).enumerated() {
        place.memory[index] = value
      }
    }
    hasBegun = true
    return true
  }

  /// Whether what is evaluated is not the parameters themselves.
  package var hasOwnEvaluation: Bool { rule.methods.contains { $0.evaluated != nil } }

  /// Writes what is evaluated over another store's copy of the parameters.
  package func writeEvaluated(to other: ParameterStore) throws(KernelError) {
    other.narrowIsStale()
    begin()
    for (index, method) in rule.methods.enumerated() {
      guard let program = method.evaluated else { continue }
      let kept = program.arrayCount - 2
      let arrays =
        [store.buffer.floats()] + (0..<kept).map { states.flatBuffer($0) }
        + [other.buffer.floats()]
      let bound = try program.bound(arrays: arrays, scalars: [])
      for (slice, method) in zip(slices, methodOfSlice) where method == index {
        bound.run(begin: slice.begin, count: slice.count, RunPosition())
      }
    }
  }
}
