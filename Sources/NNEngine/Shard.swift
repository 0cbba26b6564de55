import NNGraph
import NNPlan
import NNTensor

/// A part of the batch with its memory and its code, run by one worker at a time.
final class Shard: @unchecked Sendable {
  let rows: Int
  private let memory: MemoryPlan
  private let arena: Arena
  private let kept: TensorBuffer
  private let gradients: GradientMemory
  private let bases: SharedMemory
  /// By phase.
  let kernels: [[Kernel]]
  /// For each kernel the parts it can be run in, where others have time to help.
  private let teams: [[Team?]]
  /// Whether there are any such parts.
  let hasTeams: Bool
  /// Where the data of each graph input goes.
  let inputs: [(pointer: UnsafeMutableRawPointer, rowBytes: Int)]
  /// For those who make rows of inputs.
  private var rowScratch: Arena?

  /// - arena: at least as large as the memory plan asks; others may use it between runs.
  /// - gradients: where gradients go; the memory plan passes them on where they are added.
  /// - isAlone: whether it is the only shard of its batch.
  init(
    _ plan: Plan, _ memory: MemoryPlan, _ bases: SharedMemory, arena: Arena,
    gradients: GradientMemory, isAlone: Bool
  ) throws(KernelError) {
    rows = memory.rows
    self.memory = memory
    self.bases = bases
    self.arena = arena
    kept = TensorBuffer(byteCount: memory.keptBytes)
    self.gradients = gradients
    let arenaBase = arena.buffer.base
    let keptBase = kept.base
    let gradientBase = gradients.kept
    func pointer(_ value: Value) -> UnsafeMutableRawPointer? {
      switch memory.places[value.index] {
      case .arena(let offset): arenaBase + offset
      case .kept(let offset): keptBase + offset
      case .parameter(let offset): bases.parameters + offset * 4
      case .narrowParameter(let offset): bases.narrow.map { $0 + offset * 2 }
      case .gradient(let offset): gradientBase.map { $0 + offset }.map(UnsafeMutableRawPointer.init)
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
    // What is added is read from where it was made, right after that.
    var passed: [Int: ParameterLayout.Entry] = [:]
    if !gradients.sums.isEmpty {
      for gradient in plan.graph.gradients {
        passed[gradient.gradient.index] = plan.parameters.entry(gradient.parameter)
      }
    }
    func adding(_ outputs: [Value], _ kernel: Kernel) throws(KernelError) -> Kernel {
      var kernel = kernel
      for output in outputs {
        guard let entry = passed[output.index] else { continue }
        kernel = kernel.followed(by: gradients.sum(onto: entry, try operand(output).floats))
      }
      return kernel
    }
    var kernels: [[Kernel]] = []
    var teams: [[Team?]] = []
    for phase in plan.phases {
      var bound: [Kernel] = []
      var shared: [Team?] = []
      for node in phase.nodes where node.op.aliases.isEmpty {
        let site = KernelSite(
          inputs: try operands(node.inputs), outputs: try operands(node.outputs),
          rows: memory.rows)
        let team = isAlone ? try Team.of(node, site, plan.graph) : nil
        let kernel = if let team { team.kernel } else { try node.op.kernel(site) }
        bound.append(try adding(node.outputs, kernel))
        shared.append(team)
      }
      kernels.append(bound)
      teams.append(shared)
    }
    self.kernels = kernels
    self.teams = teams
    hasTeams = teams.contains { $0.contains { $0 != nil } }
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

  /// Where a value lives in this shard. What is not kept may be another shard's by now.
  func floats(_ value: Value) -> UnsafeMutablePointer<Float>? {
    switch memory.places[value.index] {
    case .arena(let offset): arena.buffer.floats(atByte: offset)
    case .kept(let offset): kept.floats(atByte: offset)
    case .parameter(let offset): (bases.parameters + offset * 4).assumingMemoryBound(to: Float.self)
    case .shared(let offset): (bases.shared + offset).assumingMemoryBound(to: Float.self)
    case .gradient(let offset): gradients.kept.map { $0 + offset }
    case .inverseBatch: bases.inverseBatch.assumingMemoryBound(to: Float.self)
    case .narrowParameter, nil: nil
    }
  }

  func run(phase: Int, _ position: RunPosition) {
    for kernel in kernels[phase] { kernel.run(position) }
  }

  /// The same with the help of all threads of a pool, of which the calling one is the first.
  func run(phase: Int, _ position: RunPosition, on pool: WorkerPool) {
    for (kernel, team) in zip(kernels[phase], teams[phase]) {
      if let team { team.run(position, on: pool) } else { kernel.run(position) }
    }
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
