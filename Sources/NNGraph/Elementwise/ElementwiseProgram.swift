import CKernels
import NNTensor

/// A chain of elementwise ops as one pass over memory: each tile of a few hundred elements goes
/// through all steps while it is in the first-level cache.
package struct ElementwiseProgram: Op {
  /// What the steps read and write.
  package enum Slot: Sendable, Hashable {
    /// An input of the op.
    case input(Int, Alignment)
    /// An output of the op.
    case output(Int)
    case temporary
    case constant(Float)
    /// Random numbers of a stream.
    case uniform(UInt64)
  }

  package struct Step: Sendable, Hashable {
    package enum Function: Sendable, Hashable {
      case unary(UnaryFunction)
      case binary(BinaryFunction)
      case select
    }

    package let function: Function
    package let result: Int
    package let operands: [Int]

    package init(_ function: Function, result: Int, operands: [Int]) {
      self.function = function
      self.result = result
      self.operands = operands
    }
  }

  /// The sum of all elements that have the same place in a period, as those of a channel have where
  /// channels are last.
  package struct Sum: Sendable, Hashable {
    /// Whose elements are summed, as the last step leaves them.
    package let slot: Int
    package let period: Int

    package init(slot: Int, period: Int) {
      self.slot = slot
      self.period = period
    }
  }

  /// The most slots and steps a program may have.
  package static let maximumSlots = Int(NN_TILE_MAX_SLOTS)
  package static let maximumSteps = Int(NN_TILE_MAX_STEPS)
  package static let maximumSums = Int(NN_TILE_MAX_SUMS)

  package let slots: [Slot]
  package let steps: [Step]
  /// The type of every output but the sums.
  package let type: ValueType
  package let outputCount: Int
  /// Further outputs, behind the others: [period] each.
  package let sums: [Sum]

  package init(
    slots: [Slot], steps: [Step], type: ValueType, outputCount: Int, sums: [Sum] = []
  ) {
    self.sums = sums
    self.slots = slots
    self.steps = steps
    self.type = type
    self.outputCount = outputCount
  }

  package var layout: LayoutRule { .same }

  /// An input that lines up and that no step of a tile reads after the output is written.
  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] {
    guard let slot = slots.firstIndex(of: .output(output)),
      let written = steps.firstIndex(where: { $0.result == slot })
    else { return [] }
    return slots.enumerated().compactMap { index, candidate in
      guard case .input(let input, .same) = candidate, readings(of: input) == 1,
        let lastRead = steps.lastIndex(where: { $0.operands.contains(index) }),
        lastRead <= written
      else { return nil }
      return input
    }
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [ValueType](repeating: type, count: outputCount) + sums.map { .single([$0.period]) }
  }

  /// In how many ways an input is read.
  private func readings(of input: Int) -> Int {
    slots.count { slot in
      if case .input(input, _) = slot { true } else { false }
    }
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: (steps.count + sums.count) * type.count(rows: rows))
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work {
    let each =
      steps.reduce(0) { $0 + $1.weight } + slots.reduce(0) { $0 + $1.weight }
    return .steps(each * type.count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let count = type.count(rows: rows)
    var table = [[Double]](repeating: [], count: slots.count)
    for (index, slot) in slots.enumerated() {
      switch slot {
      case .input(let input, let alignment):
        let values = inputs[input].values
        table[index] = (0..<count).map { values[alignment.source(of: $0)] }
      case .constant(let value): table[index] = .init(repeating: Double(value), count: count)
      case .uniform(let key):
        let stream = RandomStream(key: key)
        table[index] = (0..<count).map { Double(stream.uniform(at: UInt64($0))) }
      case .output, .temporary: break
      }
    }
    for step in steps {
      let operands = step.operands.map { table[$0] }
      table[step.result] = (0..<count).map { element in
        switch step.function {
        case .unary(let function): function(operands[0][element])
        case .binary(let function): function(operands[0][element], operands[1][element])
        case .select: operands[0][element] != 0 ? operands[1][element] : operands[2][element]
        }
      }
    }
    let totals = sums.map { sum in
      var result = ReferenceTensor(zeros: .single([sum.period]), rows: rows)
      for (place, value) in table[sum.slot].enumerated() {
        result.values[place % sum.period] += value
      }
      return result
    }
    return slots.enumerated().compactMap { index, slot -> (Int, ReferenceTensor)? in
      guard case .output(let output) = slot else { return nil }
      return (output, ReferenceTensor(type, rows: rows, table[index]))
    }.sorted { $0.0 < $1.0 }.map(\.1) + totals
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let pointers = slots.map { slot -> UnsafeMutablePointer<Float>? in
      switch slot {
      case .input(let input, _): site.inputs[input].floats
      case .output(let output): site.outputs[output].floats
      case .temporary, .constant, .uniform: nil
      }
    }
    let program = try BoundTileProgram(
      slots: slots, steps: steps, rowElements: type.isBatched ? type.shape.count : 0,
      pointers: pointers,
      sums: sums.enumerated().map { ($1, site.outputs[outputCount + $0].floats) })
    let count = type.count(rows: site.rows)
    return Kernel { position in program.run(begin: 0, count: count, position) }
  }

  /// The program of one op by itself.
  static func single(_ op: some Op, _ site: KernelSite) throws(KernelError) -> Kernel {
    let type = site.outputs[0].type
    var slots: [Slot] = []
    let function: Step.Function
    if let op = op as? Unary {
      function = .unary(op.function)
    } else if let op = op as? Binary {
      function = .binary(op.function)
    } else if let op = op as? RandomUniform {
      function = .unary(.copy)
      slots = [.uniform(op.stream)]
    } else {
      function = .select
    }
    if slots.isEmpty {
      slots = site.inputs.enumerated().map { index, input in
        .input(index, input.type == .single(.scalar) && type != input.type ? .scalar : .same)
      }
    }
    let operands = Array(slots.indices)
    slots.append(.output(0))
    let program = ElementwiseProgram(
      slots: slots, steps: [Step(function, result: operands.count, operands: operands)],
      type: type, outputCount: 1)
    return try program.kernel(site)
  }

  /// A plain copy of an operand that lines up as told.
  static func copy(_ alignment: Alignment, _ site: KernelSite) throws(KernelError) -> Kernel {
    let program = ElementwiseProgram(
      slots: [.input(0, alignment), .output(0)],
      steps: [Step(.unary(.copy), result: 1, operands: [0])], type: site.outputs[0].type,
      outputCount: 1)
    return try program.kernel(site)
  }
}

extension Alignment {
  func source(of element: Int) -> Int {
    switch self {
    case .same: element
    case .scalar: 0
    case .broadcast(let repeats, let period): element / repeats % period
    }
  }
}

extension ElementwiseProgram.Step {
  /// How many sums take as long.
  package var weight: Int {
    switch function {
    case .unary(let function): function.weight
    case .binary(.power): 16
    case .binary, .select: 1
    }
  }
}

extension ElementwiseProgram.Slot {
  /// Drawing a random number takes as long as some steps.
  fileprivate var weight: Int {
    if case .uniform = self { 8 } else { 0 }
  }
}

extension UnaryFunction {
  /// How many sums take as long.
  fileprivate var weight: Int {
    switch self {
    case .copy, .negate, .absolute, .sign, .step, .square, .relu, .floor: 1
    case .sqrt, .rsqrt, .reciprocal: 2
    case .exp, .log, .log1p, .expm1, .tanh, .sigmoid, .erf, .sin, .cos, .silu: 6
    case .softplus, .gelu, .geluSlope, .siluSlope: 12
    }
  }
}
