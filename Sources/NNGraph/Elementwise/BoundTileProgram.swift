import CKernels

/// An elementwise program in the form the kernels read, bound to its memory.
///
/// Sendable because running it only reads the tables; the memory behind the pointers is the
/// caller's, who keeps runs on it apart.
package final class BoundTileProgram: @unchecked Sendable {
  private let slots: UnsafeMutableBufferPointer<nn_slot>
  private let steps: UnsafeMutableBufferPointer<nn_tile_step>
  private let pointers: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>?>
  private let sums: UnsafeMutableBufferPointer<nn_tile_sum>
  private let running: Scratch
  private var program: nn_tile_program

  /// - rowElements: elements of one sample, which random numbers count by; zero without samples.
  /// - pointers: for each slot its memory, nil where it has none.
  /// - sums: what is summed up, each with the place of its results.
  package init(
    slots declared: [ElementwiseProgram.Slot], steps declaredSteps: [ElementwiseProgram.Step],
    rowElements: Int, pointers declaredPointers: [UnsafeMutablePointer<Float>?],
    sums declaredSums: [(sum: ElementwiseProgram.Sum, result: UnsafeMutablePointer<Float>)] = []
  ) throws(KernelError) {
    slots = .allocate(capacity: declared.count)
    steps = .allocate(capacity: declaredSteps.count)
    // Doubles take twice the place of floats.
    running = Scratch(elementCount: declaredSums.reduce(0) { $0 + 2 * $1.sum.period })
    var places = declaredPointers
    var next = running.floats
    for (sum, result) in declaredSums {
      places += [result, next]
      next += 2 * sum.period
    }
    sums = .allocate(capacity: declaredSums.count)
    _ = sums.initialize(
      from: declaredSums.map { nn_tile_sum(slot: Int32($0.sum.slot), period: Int64($0.sum.period)) }
    )
    pointers = .allocate(capacity: places.count)
    _ = slots.initialize(from: declared.map(\.code))
    _ = steps.initialize(from: declaredSteps.map(\.code))
    _ = pointers.initialize(from: places)
    program = nn_tile_program(
      slots: slots.baseAddress, steps: steps.baseAddress, slot_count: Int32(declared.count),
      step_count: Int32(declaredSteps.count),
      temporary_count: Int32(declared.count { $0 == .temporary }),
      row_elements: Int64(rowElements), sums: sums.baseAddress, sum_count: Int32(sums.count),
      code: nil)
    guard nn_tile_program_is_valid(&program) else {
      throw KernelError("an elementwise program of \(declared.count) slots is not valid")
    }
    program.code = nn_tile_compile(&program)
  }

  deinit {
    nn_tile_code_release(program.code)
    sums.deallocate()
    slots.deallocate()
    steps.deallocate()
    pointers.deallocate()
  }

  /// Runs the elements from `begin` on.
  package func run(begin: Int, count: Int, _ position: RunPosition) {
    nn_tile_run(&program, pointers.baseAddress, Int64(begin), Int64(count), position)
  }
}

extension ElementwiseProgram.Slot {
  fileprivate var code: nn_slot {
    func slot(
      _ kind: nn_slot_kind, value: Float = 0, repeats: Int = 1, period: Int = 1,
      stream: UInt64 = 0
    ) -> nn_slot {
      nn_slot(
        kind: Int32(kind.rawValue), value: value, repeat: Int64(repeats), period: Int64(period),
        stream: stream)
    }
    switch self {
    case .temporary: return slot(NN_SLOT_TEMPORARY)
    case .output, .input(_, .same): return slot(NN_SLOT_ARRAY)
    case .input(_, .scalar): return slot(NN_SLOT_SCALAR)
    case .input(_, .broadcast(let repeats, let period)):
      return slot(NN_SLOT_BROADCAST, repeats: repeats, period: period)
    case .constant(let value): return slot(NN_SLOT_CONSTANT, value: value)
    case .uniform(let stream): return slot(NN_SLOT_UNIFORM, stream: stream)
    }
  }
}

extension ElementwiseProgram.Step {
  fileprivate var code: nn_tile_step {
    let code: UInt16 =
      switch function {
      case .unary(let function): function.code
      case .binary(let function): function.code
      case .select: UInt16(NN_FN_SELECT.rawValue)
      }
    func operand(_ place: Int) -> UInt16 {
      place < operands.count ? UInt16(operands[place]) : 0
    }
    return nn_tile_step(
      function: code, result: UInt16(result), a: operand(0), b: operand(1), c: operand(2))
  }
}
