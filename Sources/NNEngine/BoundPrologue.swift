import NNGraph
import NNPlan
import NNTensor

/// What is made of the parameters before the shards run, cut into slices that workers share.
struct BoundPrologue {
  private struct Slice {
    let source: UnsafePointer<Float>
    let result: UnsafeMutablePointer<UInt16>
    let begin: Int
    let count: Int

    func run() { Cast.round(source, to: result, begin: begin, count: count) }
  }

  private let slices: [Slice]
  private let isShared: Bool

  private static let sliceLength = 16_384
  /// Slices from which on waking a worker pays.
  private static let leastShared = 8

  /// - memory: a plan of any number of rows; the places of a prologue do not depend on it.
  init(
    _ plan: Plan, _ memory: MemoryPlan, parameters: UnsafeMutableRawPointer,
    shared: UnsafeMutableRawPointer
  ) {
    var slices: [Slice] = []
    for node in plan.prologue {
      guard case .parameter(let source)? = memory.places[node.inputs[0].index],
        case .shared(let result)? = memory.places[node.outputs[0].index]
      else { continue }
      let count = plan.graph.type(node.outputs[0]).shape.count
      for begin in stride(from: 0, to: count, by: BoundPrologue.sliceLength) {
        slices.append(
          Slice(
            source: UnsafePointer((parameters + source * 4).assumingMemoryBound(to: Float.self)),
            result: (shared + result).assumingMemoryBound(to: UInt16.self), begin: begin,
            count: min(BoundPrologue.sliceLength, count - begin)))
      }
    }
    self.slices = slices
    isShared = slices.count >= BoundPrologue.leastShared
  }

  func run(_ pool: WorkerPool) {
    guard isShared else {
      for slice in slices { slice.run() }
      return
    }
    var slices = slices
    pool.share(slices.count, &slices) { slices, index in
      slices.assumingMemoryBound(to: [Slice].self).pointee[index].run()
    }
  }
}
