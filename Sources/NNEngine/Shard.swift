import NNGraph
import NNPlan
import NNTensor

/// A part of the batch with its memory and its code, run by one worker at a time.
final class Shard: @unchecked Sendable {
  let rows: Int
  private let memory: MemoryPlan
  private let arena: Arena
  private let kept: TensorBuffer
  private let gradientBuffer: TensorBuffer
  private let bases: SharedMemory
  /// By phase.
  let kernels: [[Kernel]]
  /// Where the data of each graph input goes.
  let inputs: [(pointer: UnsafeMutableRawPointer, rowBytes: Int)]
  /// For those who make rows of inputs.
  private var rowScratch: Arena?

  /// - arena: at least as large as the memory plan asks; others may use it between runs.
  init(
    _ plan: Plan, _ memory: MemoryPlan, _ bases: SharedMemory, arena: Arena
  ) throws(KernelError) {
    rows = memory.rows
    self.memory = memory
    self.bases = bases
    self.arena = arena
    kept = TensorBuffer(byteCount: memory.keptBytes)
    gradientBuffer = TensorBuffer(
      elementCount: plan.graph.gradients.isEmpty ? 0 : plan.parameters.count)
    let arenaBase = arena.buffer.base
    let keptBase = kept.base
    let gradientBase = gradientBuffer.base
    func pointer(_ value: Value) -> UnsafeMutableRawPointer? {
      switch memory.places[value.index] {
      case .arena(let offset): arenaBase + offset
      case .kept(let offset): keptBase + offset
      case .parameter(let offset): bases.parameters + offset * 4
      case .narrowParameter(let offset): bases.narrow.map { $0 + offset * 2 }
      case .gradient(let offset): gradientBase + offset * 4
      case .shared(let offset): bases.shared + offset
      case .inverseBatch: bases.inverseBatch
      case nil: nil
      }
    }
    func operand(_ value: Value) throws(KernelError) -> Operand {
      guard let pointer = pointer(value) else {
        throw KernelError("a value of the plan has no memory")
      }
      return Operand(
        pointer: pointer, type: plan.graph.type(value), layout: plan.layouts[value.index],
        rows: memory.rows)
    }
    func operands(_ values: [Value]) throws(KernelError) -> [Operand] {
      var result: [Operand] = []
      for value in values { result.append(try operand(value)) }
      return result
    }
    var kernels: [[Kernel]] = []
    for phase in plan.phases {
      var bound: [Kernel] = []
      for node in phase.nodes where node.op.aliases.isEmpty {
        let site = KernelSite(
          inputs: try operands(node.inputs), outputs: try operands(node.outputs),
          rows: memory.rows)
        bound.append(try node.op.kernel(site))
      }
      kernels.append(bound)
    }
    self.kernels = kernels
    var inputs: [(UnsafeMutableRawPointer, Int)] = []
    for input in plan.graph.inputs {
      inputs.append(
        (try operand(input.value).pointer, plan.graph.type(input.value).byteCount(rows: 1)))
    }
    self.inputs = inputs
  }

  /// Memory for the time of a call, made when so much is first asked for.
  func scratch(byteCount: Int) -> UnsafeMutableRawPointer {
    if let rowScratch, rowScratch.buffer.byteCount >= byteCount { return rowScratch.buffer.base }
    let made = Arena(byteCount: byteCount)
    rowScratch = made
    return made.buffer.base
  }

  var gradients: UnsafeMutablePointer<Float> { gradientBuffer.floats() }

  /// Where a value lives in this shard. What is not kept may be another shard's by now.
  func floats(_ value: Value) -> UnsafeMutablePointer<Float>? {
    switch memory.places[value.index] {
    case .arena(let offset): arena.buffer.floats(atByte: offset)
    case .kept(let offset): kept.floats(atByte: offset)
    case .parameter(let offset): (bases.parameters + offset * 4).assumingMemoryBound(to: Float.self)
    case .shared(let offset): (bases.shared + offset).assumingMemoryBound(to: Float.self)
    case .gradient(let offset): gradientBuffer.floats(atByte: offset * 4)
    case .inverseBatch: bases.inverseBatch.assumingMemoryBound(to: Float.self)
    case .narrowParameter, nil: nil
    }
  }

  func run(phase: Int, _ position: RunPosition) {
    for kernel in kernels[phase] { kernel.run(position) }
  }
}

/// The memory that shards run in, one at a time.
final class Arena: @unchecked Sendable {
  let buffer: TensorBuffer

  init(byteCount: Int) { buffer = TensorBuffer(byteCount: byteCount) }
}

/// What all shards read.
struct SharedMemory {
  let parameters: UnsafeMutableRawPointer
  /// The parameters in bf16, where some are read so.
  let narrow: UnsafeMutableRawPointer?
  let shared: UnsafeMutableRawPointer
  let inverseBatch: UnsafeMutableRawPointer
}
