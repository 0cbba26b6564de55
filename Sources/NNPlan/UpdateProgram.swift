package import NNGraph
import NNTensor

/// A formula over arrays of one length, applied in place: an optimizer's update, a penalty's
/// gradient.
package struct UpdateProgram: Sendable {
  package let slots: [ElementwiseProgram.Slot]
  package let steps: [ElementwiseProgram.Step]
  /// For each input of the program which array or scalar it reads.
  package let arrayCount: Int
  package let scalarCount: Int

  /// - Parameters:
  ///   - arrays: how many arrays there are.
  ///   - scalars: how many numbers are given anew at each run.
  ///   - formula: the new contents of arrays by their index, from the arrays and scalars.
  package init(
    arrays: Int, scalars: Int,
    formula: (_ arrays: [Expression], _ scalars: [Expression]) -> [(array: Int, Expression)]
  ) {
    var g = GraphBuilder(isTraining: true)
    let arrayValues = (0..<arrays).map { g.input("array \($0)", .single([1])) }
    let scalarValues = (0..<scalars).map { g.input("scalar \($0)", .single(.scalar)) }
    let results = formula(
      arrayValues.map { Expression.value($0) }, scalarValues.map { Expression.value($0) })
    let values = results.map { ($0.array, g.elementwise($0.1)) }

    var slots: [ElementwiseProgram.Slot] = arrayValues.indices.map { .input($0, .same) }
    slots += scalarValues.indices.map { .input(arrays + $0, .scalar) }
    var steps: [ElementwiseProgram.Step] = []
    var slotOfValue: [Value: Int] = [:]
    for (index, value) in (arrayValues + scalarValues).enumerated() { slotOfValue[value] = index }
    func slot(_ value: Value) -> Int { slotOfValue[value, default: 0] }

    for node in g.graph.nodes {
      let result = slots.count
      slotOfValue[node.outputs[0]] = result
      if let constant = node.op as? Constant {
        slots.append(.constant(constant.value))
        continue
      }
      slots.append(.temporary)
      let function: ElementwiseProgram.Step.Function =
        if let op = node.op as? Unary {
          .unary(op.function)
        } else if let op = node.op as? Binary {
          .binary(op.function)
        } else {
          .select
        }
      steps.append(.init(function, result: result, operands: node.inputs.map(slot)))
    }
    // The new contents are written when all old ones have been read, tile by tile; old contents
    // that become another array's are set aside before.
    let written = Set(values.map(\.0))
    let sources = values.map { array, value in
      let source = slot(value)
      guard source != array, written.contains(source) else { return source }
      slots.append(.temporary)
      steps.append(.init(.unary(.copy), result: slots.count - 1, operands: [source]))
      return slots.count - 1
    }
    for ((array, _), source) in zip(values, sources) where source != array {
      steps.append(.init(.unary(.copy), result: array, operands: [source]))
    }
    let compacted = UpdateProgram.withSharedTemporaries(slots, steps)
    self.slots = compacted.slots
    self.steps = compacted.steps
    arrayCount = arrays
    scalarCount = scalars
  }

  /// Lets steps share temporaries, so that a tile of all of them stays in the first-level cache.
  private static func withSharedTemporaries(
    _ slots: [ElementwiseProgram.Slot], _ steps: [ElementwiseProgram.Step]
  ) -> (slots: [ElementwiseProgram.Slot], steps: [ElementwiseProgram.Step]) {
    var newSlots: [ElementwiseProgram.Slot] = []
    var renamed: [Int: Int] = [:]
    for (index, slot) in slots.enumerated() where slot != .temporary {
      renamed[index] = newSlots.count
      newSlots.append(slot)
    }
    var lastRead: [Int: Int] = [:]
    for (place, step) in steps.enumerated() {
      for operand in step.operands { lastRead[operand] = place }
    }
    var free: [Int] = []
    var newSteps: [ElementwiseProgram.Step] = []
    for (place, step) in steps.enumerated() {
      let operands = step.operands.map { renamed[$0, default: 0] }
      if renamed[step.result] == nil {
        if let slot = free.popLast() {
          renamed[step.result] = slot
        } else {
          renamed[step.result] = newSlots.count
          newSlots.append(.temporary)
        }
      }
      newSteps.append(
        .init(step.function, result: renamed[step.result, default: 0], operands: operands))
      for operand in Set(step.operands)
      where slots[operand] == .temporary && lastRead[operand] == place {
        free.append(renamed[operand, default: 0])
      }
    }
    return (newSlots, newSteps)
  }

  /// The program on arrays and scalars in memory, in the order the formula had them.
  package func bound(
    arrays: [UnsafeMutablePointer<Float>], scalars: [UnsafeMutablePointer<Float>]
  ) throws(KernelError) -> BoundTileProgram {
    let memory = arrays + scalars
    return try BoundTileProgram(
      slots: slots, steps: steps, rowElements: 0,
      pointers: slots.map { slot in
        if case .input(let input, _) = slot { memory[input] } else { nil }
      })
  }
}
