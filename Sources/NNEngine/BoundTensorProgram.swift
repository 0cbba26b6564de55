import CKernels
import NNGraph
import NNPlan
import NNTensor

/// A tensor program with its memory and its code. It is run by one worker at a time.
final class BoundTensorProgram: @unchecked Sendable {
  private let arena: TensorBuffer
  private let kept: TensorBuffer
  private let kernels: [Kernel]
  private let copies: [Copy]

  /// New contents on their way to their array.
  private struct Copy {
    let from: UnsafePointer<Float>
    let to: UnsafeMutablePointer<Float>
    let count: Int
  }

  /// - arrays, scalars: in the order the formula had them.
  init(
    _ program: TensorProgram, arrays: [UnsafeMutablePointer<Float>],
    scalars: [UnsafeMutablePointer<Float>]
  ) throws(KernelError) {
    arena = TensorBuffer(byteCount: program.memory.arenaBytes)
    kept = TensorBuffer(byteCount: program.memory.keptBytes)
    let (base, keptBase) = (arena.base, kept.base)
    let graph = program.plan.graph
    let sources = Dictionary(
      zip(program.offsets, arrays + scalars), uniquingKeysWith: { first, _ in first })
    func pointer(_ value: Value) throws(KernelError) -> UnsafeMutableRawPointer {
      switch program.memory.places[value.index] {
      case .arena(let offset): return base + offset
      case .kept(let offset): return keptBase + offset
      case .parameter(let offset):
        if let source = sources[offset] { return UnsafeMutableRawPointer(source) }
      default: break
      }
      throw KernelError("a value of an update has no memory")
    }
    func operands(_ values: [Value]) throws(KernelError) -> [Operand] {
      var result: [Operand] = []
      for value in values {
        result.append(
          Operand(
            pointer: try pointer(value), type: graph.type(value), layout: .plain, rows: 1))
      }
      return result
    }
    var kernels: [Kernel] = []
    for phase in program.plan.phases {
      for node in phase.nodes where node.op.aliases.isEmpty {
        kernels.append(
          try node.op.kernel(
            KernelSite(
              inputs: try operands(node.inputs), outputs: try operands(node.outputs), rows: 1)))
      }
    }
    self.kernels = kernels
    var copies: [Copy] = []
    for result in program.results {
      copies.append(
        Copy(
          from: UnsafePointer(try pointer(result.value).assumingMemoryBound(to: Float.self)),
          to: arrays[result.array], count: graph.type(result.value).shape.count))
    }
    self.copies = copies
  }

  /// Nothing is written to the arrays before everything has been read from them.
  func run() {
    let position = RunPosition()
    for kernel in kernels { kernel.run(position) }
    for copy in copies { copy.to.update(from: copy.from, count: copy.count) }
  }
}
